#include "tlog/witness_folder.h"

#include <system_error>
#include <utility>

#include "crypto/key_store.h"
#include "storage/filesystem.h"
#include "tlog/cosignature.h"

namespace candour::tlog {
namespace {

constexpr const char* kKeyFile = "witness.key";
constexpr const char* kStoreFile = "witness.sqlite";

// A key of its own: even over a root key that signs a log, the witness would sign with another.
constexpr std::string_view kWitnessKey = "witness";

Result<Cosigner> ReadCosigner(const std::filesystem::path& folder, const std::string& name) {
  CANDOUR_ASSIGN(const crypto::Secret root, crypto::ReadRootKey(folder / kKeyFile));
  CANDOUR_ASSIGN(crypto::Ed25519Key key,
                 crypto::Ed25519Key::FromSeed(crypto::DeriveKey(root, kWitnessKey)));
  return Cosigner::Create(name, std::move(key));
}

}  // namespace

Result<VerifierKey> CreateWitness(const std::filesystem::path& folder, const std::string& name) {
  if (!IsKeyName(name)) {
    return Fail(Error{.code = ErrorCode::kKeyForm, .message = "The name cannot name a key."}
                    .Expected("text without white space, control characters and plus signs")
                    .Next("use a name under a domain of yours, such as witness.example.org/1"));
  }
  std::error_code ignored;
  if (std::filesystem::exists(folder / kKeyFile, ignored)) {
    return Fail(Error{.code = ErrorCode::kConflict,
                      .message = "There is a witness's key in this folder already."}
                    .Found((folder / kKeyFile).string())
                    .Next("name a new folder: a key is never used with an empty memory"));
  }
  storage::Filesystem& files = storage::MachineFilesystem();
  CANDOUR_TRY(files.MakeDirectory(folder));
  CANDOUR_TRY(crypto::CreateRootKey(folder / kKeyFile));
  CANDOUR_ASSIGN(const Cosigner cosigner, ReadCosigner(folder, name));
  CANDOUR_ASSIGN(const WitnessStore store, WitnessStore::Create(folder / kStoreFile, name));
  CANDOUR_TRY(files.SyncDirectory(folder));
  const std::filesystem::path whole = std::filesystem::absolute(folder, ignored);
  CANDOUR_TRY(files.SyncDirectory(whole.parent_path()));
  return cosigner.verifier_key();
}

Result<WitnessStore> OpenWitnessStore(const std::filesystem::path& folder) {
  return WitnessStore::Open(folder / kStoreFile);
}

Result<std::unique_ptr<Witness>> OpenWitness(const std::filesystem::path& folder,
                                             const Clock& clock) {
  CANDOUR_ASSIGN(WitnessStore store, OpenWitnessStore(folder));
  CANDOUR_ASSIGN(Cosigner cosigner, ReadCosigner(folder, store.name()));
  return std::make_unique<Witness>(std::move(store), std::move(cosigner), clock);
}

}  // namespace candour::tlog
