#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/bitmap.h"
#include "base/result.h"
#include "crypto/secret.h"
#include "ledger/ledger.h"
#include "ledger/set_tree.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// A set as it is kept: once people were erased from it, less than what its id was made of.
struct KeptSet {
  Bitmap records;
  std::vector<MemberLeaf> orphans;  ///< leaves in its tree of records that were erased
};

/// Sets of people (by record number), each in one file named by its content: docs/formats/entry.md.
///
/// Equal sets share one id and one file, whatever their sizes. The salt keeps anybody without the
/// vault from testing whether a guessed set is the one an entry names. An erasure puts another salt
/// in its place, so that nobody can test any more whether the erased person was in a set; sets from
/// before keep their names and are held by an authenticator instead.
/// Threads: any.
class SetStore {
 public:
  /// `folder` exists. `salt` is the ledger's, from its vault.
  SetStore(storage::Filesystem& files, std::filesystem::path folder, crypto::Secret salt);

  /// An erasure is under way: sets kept under this salt are taken too, until it is adopted.
  void Await(crypto::Secret next);
  void Adopt();

  /// The ids of all sets. Errors: kIo.
  Result<std::vector<SetId>> All() const;

  /// The set with what was erased from it. Errors: as Load.
  Result<KeptSet> LoadKept(const SetId& id);

  /// Keeps the set so from now on, under the awaited salt; durable on return. Errors: kIo.
  Status Keep(const SetId& id, const KeptSet& set);

  /// Stores the set if it is new; durable on return. Errors: kIo.
  Result<SetId> Store(const Bitmap& records);

  /// Stores the set under an id of its own, whether or not an equal one is stored; durable on
  /// return. So neither the id nor when its tree was made tells of another access. Errors: kIo.
  Result<SetId> StoreAlone(const Bitmap& records);

  /// The set, from memory when it was asked for lately. The pointer may be kept.
  /// Errors: kNotFound, kCorruption (the file is not what its name says), kIo.
  Result<std::shared_ptr<const Bitmap>> Load(const SetId& id);

  /// Whether the set is stored, durably. Errors: kIo.
  Result<bool> Has(const SetId& id);

 private:
  SetId IdOf(std::string_view words) const;
  Result<KeptSet> Read(const SetId& id) const;
  std::filesystem::path FileOf(const SetId& id) const;
  void Remember(const SetId& id, std::shared_ptr<const Bitmap> set);

  Result<bool> HasLocked(const SetId& id);

  storage::Filesystem& files_;
  std::filesystem::path folder_;
  crypto::Secret salt_;
  std::optional<crypto::Secret> next_salt_;
  std::unique_ptr<std::mutex> mutex_ = std::make_unique<std::mutex>();  ///< of all that follows
  std::unordered_set<std::string> durable_;                             ///< ids known to be stored
  std::unordered_map<std::string, std::shared_ptr<const Bitmap>> cache_;
  std::size_t cached_bytes_ = 0;
};

}  // namespace candour::ledger
