#include "ledger/set_store.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/sha256.h"
#include "storage/durable_file.h"

namespace candour::ledger {
namespace {

constexpr std::string_view kMagic = "candour set 1\n";
constexpr std::size_t kIdDigits = 64;
constexpr std::size_t kMaxCachedBytes = std::size_t{64} << 20;

/// The set's words without trailing zero words, lowest byte first.
std::string_view WordsOf(const Bitmap& set) {
  static_assert(std::endian::native == std::endian::little, "words are written as they lie");
  std::span<const std::uint64_t> words = set.words();
  while (!words.empty() && words.back() == 0) words = words.first(words.size() - 1);
  return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

bool IsId(const SetId& id) {
  return id.hex.size() == kIdDigits &&
         id.hex.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

SetStore::SetStore(storage::Filesystem& files, std::filesystem::path folder, crypto::Secret salt)
    : files_(files), folder_(std::move(folder)), salt_(std::move(salt)) {}

SetId SetStore::IdOf(std::string_view words) const {
  crypto::Sha256Hasher hasher;
  hasher.Update("candour/set/v1\n").Update(salt_.Reveal()).Update(words);
  return SetId{HexEncode(BytesOf(hasher.Finish()))};
}

std::filesystem::path SetStore::FileOf(const SetId& id) const {
  return folder_ / (id.hex + ".set");
}

Result<bool> SetStore::Has(const SetId& id) {
  if (!IsId(id)) return false;
  const std::lock_guard lock(*mutex_);
  return HasLocked(id);
}

Result<bool> SetStore::HasLocked(const SetId& id) {
  if (durable_.contains(id.hex)) return true;
  CANDOUR_ASSIGN(const bool exists, files_.Exists(FileOf(id)));
  if (!exists) return false;
  // Its bytes were saved before it got its name; the name may still be only in memory.
  CANDOUR_TRY(files_.SyncDirectory(folder_));
  durable_.insert(id.hex);
  return true;
}

Result<SetId> SetStore::Store(const Bitmap& records) {
  const std::string_view words = WordsOf(records);
  SetId id = IdOf(words);
  const std::lock_guard lock(*mutex_);
  CANDOUR_ASSIGN(const bool stored, HasLocked(id));
  if (stored) return id;
  CANDOUR_TRY(storage::WriteDurably(files_, FileOf(id), std::string(kMagic).append(words)));
  durable_.insert(id.hex);
  return id;
}

Result<std::shared_ptr<const Bitmap>> SetStore::Load(const SetId& id) {
  if (!IsId(id)) return Fail(ErrorCode::kNotFound, "There is no set of people of that id.");
  const std::lock_guard lock(*mutex_);
  if (const auto cached = cache_.find(id.hex); cached != cache_.end()) return cached->second;
  CANDOUR_ASSIGN(const std::string bytes, files_.Read(FileOf(id)));
  const std::string_view content = bytes;
  const std::string_view words = content.substr(std::min(kMagic.size(), content.size()));
  if (!content.starts_with(kMagic) || words.size() % 8 != 0 || IdOf(words) != id) {
    return Fail(Error{.code = ErrorCode::kCorruption,
                      .message = fmt::format("A stored set of people is damaged: {}.",
                                             FileOf(id).filename().string())}
                    .FixBy("the operator, from a backup"));
  }
  std::vector<std::uint64_t> numbers(words.size() / 8);
  if (!words.empty()) std::memcpy(numbers.data(), words.data(), words.size());
  auto set = std::make_shared<const Bitmap>(Bitmap::FromWords(std::move(numbers)));
  Remember(id, set);
  return set;
}

void SetStore::Remember(const SetId& id, std::shared_ptr<const Bitmap> set) {
  const std::size_t bytes = set->words().size_bytes();
  if (cached_bytes_ + bytes > kMaxCachedBytes) {
    cache_.clear();
    cached_bytes_ = 0;
  }
  cached_bytes_ += bytes;
  cache_.emplace(id.hex, std::move(set));
}

}  // namespace candour::ledger
