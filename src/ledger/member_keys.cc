#include "ledger/member_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "crypto/random.h"
#include "storage/durable_file.h"

namespace candour::ledger {

std::filesystem::path MemberKeys::FileOf(std::uint32_t number) const {
  return folder_ / fmt::format("{:05}.keys", number);
}

/// A file's keys; made when there is no such file.
Result<crypto::Secret> MemberKeys::Load(std::uint32_t number) {
  constexpr std::size_t kFileBytes = std::size_t{kKeysInFile} * kKeyBytes;
  const std::lock_guard lock(mutex_);
  CANDOUR_ASSIGN(const bool there, files_.Exists(FileOf(number)));
  if (!there) {
    crypto::Secret keys = crypto::RandomSecret(kFileBytes);
    CANDOUR_TRY(storage::WriteDurably(files_, FileOf(number), keys.Reveal()));
    durable_.insert(number);
    return keys;
  }
  // Its bytes were saved before it got its name; the name may still be only in memory.
  if (!durable_.contains(number)) CANDOUR_TRY(files_.SyncDirectory(folder_));
  durable_.insert(number);
  CANDOUR_ASSIGN(const std::string bytes, files_.Read(FileOf(number)));
  crypto::Secret keys(kFileBytes);
  if (bytes.size() == keys.size()) {
    std::ranges::copy(bytes, keys.Fill());
    return keys;
  }
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = fmt::format("A file of members' keys is damaged: {}.",
                                           FileOf(number).filename().string())}
                  .FixBy("the operator, from a backup"));
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
    CANDOUR_TRY(storage::WriteDurably(files_, FileOf(number), keys.Reveal()));
  }
  return {};
}

}  // namespace candour::ledger
