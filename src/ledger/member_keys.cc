#include "ledger/member_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/key_store.h"
#include "crypto/random.h"
#include "storage/durable_file.h"

namespace candour::ledger {
namespace {

constexpr std::string_view kSealedMark = "CANDMKS1";
constexpr std::string_view kEnding = ".keys";

std::string NameOf(std::uint32_t number) { return fmt::format("{:05}{}", number, kEnding); }

/// What binds a file's keys to its name, so that no file can take the place of another.
std::string AssociatedWith(const std::string& name) {
  return fmt::format("candour/member-keys/v1\n{}", name);
}

std::unexpected<Error> Damaged(const std::string& name) {
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = fmt::format("A file of members' keys is damaged: {}.", name)}
                  .FixBy("the operator, from a backup"));
}

}  // namespace

Result<std::unique_ptr<MemberKeys>> MemberKeys::Open(storage::Filesystem& files,
                                                     const std::filesystem::path& folder,
                                                     const crypto::Secret& vault_key) {
  CANDOUR_ASSIGN(crypto::Aead seal,
                 crypto::Aead::Create(crypto::DeriveKey(vault_key, "member_keys")));
  std::unique_ptr<MemberKeys> keys(new MemberKeys(files, folder, std::move(seal)));
  CANDOUR_TRY(keys->SealOldFiles());
  return keys;
}

Status MemberKeys::SealOldFiles() {
  CANDOUR_ASSIGN(const std::vector<std::string> names, files_.List(folder_));
  for (const std::string& name : names) {
    if (!name.ends_with(kEnding)) continue;  // one that was cut off while it was written
    CANDOUR_ASSIGN(const std::string mark, files_.ReadRange(folder_ / name, 0, kSealedMark.size()));
    if (mark == kSealedMark) continue;
    CANDOUR_ASSIGN(const std::string bytes, files_.Read(folder_ / name));
    if (bytes.size() != kFileBytes) return Damaged(name);
    crypto::Secret keys(kFileBytes);
    std::ranges::copy(bytes, keys.Fill());
    CANDOUR_TRY(Write(name, keys));
  }
  return {};
}

Result<crypto::Secret> MemberKeys::OpenFile(const std::string& name, std::string_view bytes) const {
  if (!bytes.starts_with(kSealedMark)) return Damaged(name);
  Result<crypto::Secret> keys = seal_.Open(bytes.substr(kSealedMark.size()), AssociatedWith(name));
  if (!keys || keys->size() != kFileBytes) return Damaged(name);
  return keys;
}

Status MemberKeys::Write(const std::string& name, const crypto::Secret& keys) {
  std::string bytes(kSealedMark);
  bytes += seal_.Seal(keys.Reveal(), AssociatedWith(name));
  return storage::WriteDurably(files_, folder_ / name, bytes);
}

/// A file's keys; made when there is no such file.
Result<crypto::Secret> MemberKeys::Load(std::uint32_t number) {
  const std::string name = NameOf(number);
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(const bool there, files_.Exists(folder_ / name));
  if (!there) {
    crypto::Secret keys = crypto::RandomSecret(kFileBytes);
    CANDOUR_TRY(Write(name, keys));
    durable_.insert(number);
    return keys;
  }
  // Its bytes were saved before it got its name; the name may still be only in memory.
  if (!durable_.contains(number)) CANDOUR_TRY(files_.SyncDirectory(folder_));
  durable_.insert(number);
  CANDOUR_ASSIGN(const std::string bytes, files_.Read(folder_ / name));
  return OpenFile(name, bytes);
}

Status MemberKeys::Destroy(std::span<const std::uint32_t> records) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> in_file;
  for (const std::uint32_t record : records) in_file[record / kKeysInFile].push_back(record);
  for (const auto& [number, destroyed] : in_file) {
    CANDOUR_ASSIGN(crypto::Secret keys, Load(number));
    for (const std::uint32_t record : destroyed) {
      std::fill_n(keys.Fill() + record % kKeysInFile * kKeyBytes, kKeyBytes, std::uint8_t{0});
    }
    const std::lock_guard lock(mutex_);
    CANDOUR_TRY(Write(NameOf(number), keys));
  }
  return {};
}

}  // namespace candour::ledger
