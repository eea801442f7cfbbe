#include "ledger/set_store.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "base/encoding.h"
#include "crypto/hmac.h"
#include "crypto/random.h"
#include "crypto/sha256.h"
#include "storage/durable_file.h"

namespace candour::ledger {
namespace {

constexpr std::string_view kMagic = "candour set 1\n";
constexpr std::string_view kKeptMagic = "candour set 2\n";
constexpr std::string_view kAloneMagic = "candour set 3\n";
constexpr std::size_t kNonceSize = 32;
constexpr std::size_t kIdDigits = 64;
constexpr std::size_t kMaxCachedBytes = std::size_t{64} << 20;

/// The set's words without trailing zero words, lowest byte first.
std::string_view WordsOf(const Bitmap& set) {
  static_assert(std::endian::native == std::endian::little, "words are written as they lie");
  std::span<const std::uint64_t> words = set.words();
  while (!words.empty() && words.back() == 0) words = words.first(words.size() - 1);
  return {reinterpret_cast<const char*>(words.data()), words.size_bytes()};
}

std::optional<Bitmap> BitmapOf(std::string_view words) {
  if (words.size() % sizeof(std::uint64_t) != 0) return std::nullopt;
  std::vector<std::uint64_t> numbers(words.size() / sizeof(std::uint64_t));
  if (!words.empty()) std::memcpy(numbers.data(), words.data(), words.size());
  return Bitmap::FromWords(std::move(numbers));
}

crypto::Digest AuthenticatorOf(const SetId& id, std::string_view rest, const crypto::Secret& salt) {
  return crypto::HmacSha256(salt, std::string("candour/kept-set/v1\n").append(id.hex).append(rest));
}

/// The bytes of a set that people were erased from, or might have been: magic, authenticator,
/// number of orphans, orphans, words.
std::string WriteKept(const SetId& id, const KeptSet& set, const crypto::Secret& salt) {
  std::string rest(sizeof(std::uint32_t), '\0');
  PutLittleEndian(static_cast<std::uint32_t>(set.orphans.size()), rest.data());
  for (const MemberLeaf& orphan : set.orphans) rest += BytesOf(orphan);
  rest += WordsOf(set.records);
  return std::string(kKeptMagic).append(BytesOf(AuthenticatorOf(id, rest, salt))).append(rest);
}

std::optional<KeptSet> ReadKept(const SetId& id, std::string_view content,
                                const crypto::Secret& salt) {
  constexpr std::size_t kLeaf = sizeof(MemberLeaf);
  if (!content.starts_with(kKeptMagic)) return std::nullopt;
  content.remove_prefix(kKeptMagic.size());
  if (content.size() < kLeaf + sizeof(std::uint32_t)) return std::nullopt;
  std::string_view rest = content.substr(kLeaf);
  if (!crypto::EqualInConstantTime(content.substr(0, kLeaf),
                                   BytesOf(AuthenticatorOf(id, rest, salt)))) {
    return std::nullopt;
  }
  const std::size_t orphans = GetLittleEndian<std::uint32_t>(rest.data());
  rest.remove_prefix(sizeof(std::uint32_t));
  if (rest.size() / kLeaf < orphans) return std::nullopt;
  KeptSet set;
  for (std::size_t i = 0; i < orphans; ++i, rest.remove_prefix(kLeaf)) {
    std::memcpy(set.orphans.emplace_back().data(), rest.data(), kLeaf);
  }
  auto records = BitmapOf(rest);
  if (!records) return std::nullopt;
  set.records = *std::move(records);
  return set;
}

/// The id of a set that shares it with no other: `rest` is a nonce and the words.
SetId AloneIdOf(std::string_view rest, const crypto::Secret& salt) {
  crypto::Sha256Hasher hasher;
  hasher.Update("candour/set-alone/v1\n").Update(salt.Reveal()).Update(rest);
  return SetId{HexEncode(BytesOf(hasher.Finish()))};
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

Result<SetId> SetStore::StoreAlone(const Bitmap& records) {
  const std::string rest = crypto::RandomBytes(kNonceSize).append(WordsOf(records));
  const std::lock_guard lock(*mutex_);
  SetId id = AloneIdOf(rest, salt_);
  CANDOUR_TRY(storage::WriteDurably(files_, FileOf(id), std::string(kAloneMagic).append(rest)));
  durable_.insert(id.hex);
  return id;
}

void SetStore::Await(crypto::Secret next) {
  const std::lock_guard lock(*mutex_);
  next_salt_ = std::move(next);
}

void SetStore::Adopt() {
  const std::lock_guard lock(*mutex_);
  salt_ = *std::move(next_salt_);
  next_salt_.reset();
}

Result<std::vector<SetId>> SetStore::All() const {
  CANDOUR_ASSIGN(const std::vector<std::string> names, files_.List(folder_));
  std::vector<SetId> ids;
  for (const std::string& name : names) {
    SetId id{name.substr(0, kIdDigits)};
    if (IsId(id) && name == FileOf(id).filename()) ids.push_back(std::move(id));
  }
  return ids;
}

/// Reads any form; each says by a hash under a secret that the file is what was kept.
Result<KeptSet> SetStore::Read(const SetId& id) const {
  CANDOUR_ASSIGN(const std::string bytes, files_.Read(FileOf(id)));
  const std::string_view content = bytes;
  const auto damaged = [&] {
    return Fail(Error{.code = ErrorCode::kCorruption,
                      .message = fmt::format("A stored set of people is damaged: {}.",
                                             FileOf(id).filename().string())}
                    .FixBy("the operator, from a backup"));
  };
  if (content.starts_with(kMagic)) {
    const auto words = BitmapOf(content.substr(kMagic.size()));
    if (!words || IdOf(content.substr(kMagic.size())) != id) return damaged();
    return KeptSet{.records = *words};
  }
  if (content.starts_with(kAloneMagic)) {
    const std::string_view rest = content.substr(kAloneMagic.size());
    const auto words = rest.size() < kNonceSize ? std::nullopt : BitmapOf(rest.substr(kNonceSize));
    if (!words || AloneIdOf(rest, salt_) != id) return damaged();
    return KeptSet{.records = *words};
  }
  std::optional<KeptSet> kept = ReadKept(id, content, salt_);
  if (!kept && next_salt_) kept = ReadKept(id, content, *next_salt_);
  if (!kept) return damaged();
  return *std::move(kept);
}

Result<KeptSet> SetStore::LoadKept(const SetId& id) {
  if (!IsId(id)) return Fail(ErrorCode::kNotFound, "There is no set of people of that id.");
  const std::lock_guard lock(*mutex_);
  return Read(id);
}

Status SetStore::Keep(const SetId& id, const KeptSet& set) {
  const std::lock_guard lock(*mutex_);
  cache_.clear();
  cached_bytes_ = 0;
  return storage::WriteDurably(files_, FileOf(id), WriteKept(id, set, *next_salt_));
}

Result<std::shared_ptr<const Bitmap>> SetStore::Load(const SetId& id) {
  if (!IsId(id)) return Fail(ErrorCode::kNotFound, "There is no set of people of that id.");
  const std::lock_guard lock(*mutex_);
  if (const auto cached = cache_.find(id.hex); cached != cache_.end()) return cached->second;
  CANDOUR_ASSIGN(KeptSet kept, Read(id));
  auto set = std::make_shared<const Bitmap>(std::move(kept.records));
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
