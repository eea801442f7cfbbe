#include "intake/sealed_version.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "crypto/aead.h"
#include "crypto/key_store.h"
#include "crypto/random.h"
#include "storage/durable_file.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "CANDKEY1";
constexpr std::string_view kRows = "rows";
constexpr std::string_view kQuarantine = "quarantine";
constexpr std::size_t kWrappedBytes = crypto::kKeySize + crypto::kAeadOverhead;
constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);

/// The place of a part of a version, as associated data. Names have no line breaks.
std::string Place(const DatasetVersion& version, std::string_view part) {
  return fmt::format("dataset version\n{}\n{}\n{}", version.dataset, version.number, part);
}

Result<crypto::Aead> WrappingKey(const crypto::Secret& key_encryption_key) {
  return crypto::Aead::Create(crypto::DeriveKey(key_encryption_key, "dataset-version"));
}

void AppendPart(std::string_view part, std::string& out) {
  char length[kLengthBytes];
  PutLittleEndian(std::uint64_t{part.size()}, length);
  out.append(length, kLengthBytes);
  out += part;
}

/// Takes the next part off `rest`; nothing when it is cut short.
std::optional<std::string_view> TakePart(std::string_view& rest) {
  if (rest.size() < kLengthBytes) return std::nullopt;
  const auto size = GetLittleEndian<std::uint64_t>(rest.data());
  rest.remove_prefix(kLengthBytes);
  if (rest.size() < size) return std::nullopt;
  const std::string_view part = rest.substr(0, size);
  rest.remove_prefix(size);
  return part;
}

std::unexpected<Error> CannotOpen(const DatasetVersion& version) {
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = fmt::format("the key of a dataset's version does not open it: {} {}",
                                           version.dataset, version.number),
                    .expected = "the version's key file, and the root key it was adopted under",
                    .fix_by = "the operator",
                    .next = fmt::format("restore it from a backup, or `candour adopt {}` again",
                                        version.dataset)});
}

/// What stands in a key file; views of its bytes.
struct KeyFileParts {
  std::string_view wrapped;
  std::string_view rows;
  std::string_view quarantine;
};

std::optional<KeyFileParts> PartsOf(std::string_view rest) {
  if (rest.size() < kMagic.size() + kWrappedBytes || !rest.starts_with(kMagic)) return std::nullopt;
  const std::string_view wrapped = rest.substr(kMagic.size(), kWrappedBytes);
  rest.remove_prefix(kMagic.size() + kWrappedBytes);
  const auto rows = TakePart(rest);
  const auto quarantine = TakePart(rest);
  if (!rows || !quarantine || !rest.empty()) return std::nullopt;
  return KeyFileParts{.wrapped = wrapped, .rows = *rows, .quarantine = *quarantine};
}

/// Opens one of a version's files.
Result<engine::SealedFile> OpenPart(const DatasetVersion& version,
                                    const crypto::Secret& key_encryption_key, const fs::path& file,
                                    std::string_view part) {
  const auto bytes = storage::MachineFilesystem().Read(KeyFile(file.parent_path(), version.number));
  if (!bytes) return Fail(bytes.error());
  const std::optional<KeyFileParts> parts = PartsOf(*bytes);
  if (!parts) return CannotOpen(version);
  CANDOUR_ASSIGN(const crypto::Aead wrapping, WrappingKey(key_encryption_key));
  CANDOUR_ASSIGN(const crypto::Secret key, wrapping.Open(parts->wrapped, Place(version, "key")));
  return engine::SealedFile::Open(file, crypto::DeriveKey(key, part),
                                  part == kRows ? parts->rows : parts->quarantine,
                                  Place(version, part));
}

Status AttachPart(engine::Database& engine, const DatasetVersion& version,
                  const crypto::Secret& key_encryption_key, const fs::path& file,
                  std::string_view part, std::string_view alias) {
  if (!version.sealed) return engine.AttachReadOnly(file, alias);
  Result<engine::SealedFile> sealed = OpenPart(version, key_encryption_key, file, part);
  if (!sealed) return CannotOpen(version);
  return engine.AttachReadOnly(*std::move(sealed), alias);
}

}  // namespace

Result<SealedVersion> CreateSealedVersion(const fs::path& folder, int number) {
  crypto::Secret key = crypto::RandomSecret(crypto::kKeySize);
  CANDOUR_ASSIGN(
      engine::SealedFile rows,
      engine::SealedFile::Create(RowsFile(folder, number), crypto::DeriveKey(key, kRows)));
  CANDOUR_ASSIGN(engine::SealedFile quarantine,
                 engine::SealedFile::Create(QuarantineFile(folder, number),
                                            crypto::DeriveKey(key, kQuarantine)));
  return SealedVersion{
      .key = std::move(key), .rows = std::move(rows), .quarantine = std::move(quarantine)};
}

Status WriteVersionKey(storage::Filesystem& files, const fs::path& folder,
                       const DatasetVersion& version, const crypto::Secret& key_encryption_key,
                       const SealedVersion& sealed) {
  CANDOUR_ASSIGN(const crypto::Aead wrapping, WrappingKey(key_encryption_key));
  std::string bytes(kMagic);
  bytes += wrapping.Seal(sealed.key.Reveal(), Place(version, "key"));
  AppendPart(sealed.rows.SealMarks(Place(version, kRows)), bytes);
  AppendPart(sealed.quarantine.SealMarks(Place(version, kQuarantine)), bytes);
  return storage::WriteDurably(files, KeyFile(folder, version.number), bytes);
}

Status AttachRows(engine::Database& engine, const DatasetVersion& version,
                  const crypto::Secret& key_encryption_key, std::string_view alias) {
  return AttachPart(engine, version, key_encryption_key, version.file, kRows, alias);
}

Status AttachQuarantine(engine::Database& engine, const DatasetVersion& version,
                        const crypto::Secret& key_encryption_key, std::string_view alias) {
  return AttachPart(engine, version, key_encryption_key, version.quarantine_file, kQuarantine,
                    alias);
}

}  // namespace candour::intake
