#include "intake/present_file.h"

#include "base/bytes.h"
#include "crypto/sha256.h"
#include "storage/durable_file.h"

namespace candour::intake {
namespace {

constexpr std::string_view kMagic = "CANDPRS1";
constexpr std::size_t kHeaderBytes = 16;  // the magic and the number of words
constexpr std::size_t kWordBytes = sizeof(std::uint64_t);
constexpr std::size_t kDigestBytes = sizeof(crypto::Digest);

void AppendNumber(std::uint64_t number, std::string& out) {
  char bytes[kWordBytes];
  PutLittleEndian(number, bytes);
  out.append(bytes, kWordBytes);
}

std::unexpected<Error> Damaged(const std::filesystem::path& file) {
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = "a dataset version's set of records is damaged: " + file.string(),
                    .next = "restore it from a backup, or adopt the dataset again"});
}

}  // namespace

Status WritePresent(storage::Filesystem& files, const std::filesystem::path& file,
                    const Bitmap& present) {
  std::span<const std::uint64_t> words = present.words();
  while (!words.empty() && words.back() == 0) words = words.first(words.size() - 1);
  std::string bytes(kMagic);
  bytes.reserve(kHeaderBytes + words.size_bytes() + kDigestBytes);
  AppendNumber(words.size(), bytes);
  for (const std::uint64_t word : words) AppendNumber(word, bytes);
  const crypto::Digest digest = crypto::Sha256(bytes);
  bytes += BytesOf(digest);
  return storage::WriteDurably(files, file, bytes);
}

Result<std::shared_ptr<const Bitmap>> ReadPresent(storage::Filesystem& files,
                                                  const std::filesystem::path& file) {
  CANDOUR_ASSIGN(const std::string bytes, files.Read(file));
  if (bytes.size() < kHeaderBytes + kDigestBytes || !bytes.starts_with(kMagic)) {
    return Damaged(file);
  }
  const std::string_view hashed = std::string_view(bytes).substr(0, bytes.size() - kDigestBytes);
  const crypto::Digest digest = crypto::Sha256(hashed);
  if (!bytes.ends_with(BytesOf(digest))) return Damaged(file);
  const std::string_view body = hashed.substr(kHeaderBytes);
  if (body.size() % kWordBytes != 0 ||
      GetLittleEndian<std::uint64_t>(bytes.data() + kMagic.size()) != body.size() / kWordBytes) {
    return Damaged(file);
  }
  std::vector<std::uint64_t> words(body.size() / kWordBytes);
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = GetLittleEndian<std::uint64_t>(body.data() + i * kWordBytes);
  }
  return std::make_shared<const Bitmap>(Bitmap::FromWords(std::move(words)));
}

}  // namespace candour::intake
