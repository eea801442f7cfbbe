#include "home/witnesses.h"

#include "storage/filesystem.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "witnesses.policy";

}  // namespace

Result<std::shared_ptr<const ledger::Witnesses>> ReadWitnesses(
    const fs::path& dir, std::shared_ptr<tlog::WitnessTransport> transport) {
  const fs::path file = dir / kFile;
  std::error_code failure;
  const fs::file_status status = fs::symlink_status(file, failure);
  if (status.type() == fs::file_type::not_found) return nullptr;
  if (failure || status.type() != fs::file_type::regular ||
      fs::file_size(file, failure) > tlog::kMaxPolicySize || failure) {
    return Fail(Error{.code = ErrorCode::kDeclarationInvalid,
                      .message = "The file of witnesses cannot be taken."}
                    .At({.file = kFile})
                    .Expected("a plain file of at most 256 KiB"));
  }
  CANDOUR_ASSIGN(const std::string text, storage::MachineFilesystem().Read(file));
  CANDOUR_ASSIGN(tlog::Policy policy, tlog::Policy::Parse(text, kFile));
  return std::make_shared<const ledger::Witnesses>(std::move(policy), std::move(transport));
}

}  // namespace candour::home
