#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/sha256.h"
#include "storage/sqlite.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// The tree of a log that a witness cosigned last.
struct CosignedTree {
  std::uint64_t size = 0;  ///< below 2^63
  crypto::Digest root = {};
  std::uint64_t time_s = 0;  ///< of the cosignature, seconds since 1970

  bool operator==(const CosignedTree&) const = default;
};

/// What a witness must not forget: which logs it knows, and what it cosigned last of each. It is
/// one SQLite file, and durable whenever a function returns.
///
/// Several processes may have it open; one that loses a race in Replace is told so.
/// Errors: kIo, kCorruption, kUnavailable unless said otherwise. Threads: one at a time.
/// Format: docs/formats/witness.md.
class WitnessStore {
 public:
  /// Makes the store of a witness called `name`. Errors: kConflict (there is a file already).
  static Result<WitnessStore> Create(const std::filesystem::path& file, std::string_view name);

  /// Errors: kNotFound, kUnsupported (of a later version).
  static Result<WitnessStore> Open(const std::filesystem::path& file);

  const std::string& name() const { return name_; }

  /// Trusts `key`, of type kNote, to sign for the log `origin`; nothing happens when it does so
  /// already. Errors: kInvalidArgument (an origin that cannot stand in a checkpoint, another type).
  Status AddLog(std::string_view origin, const VerifierKey& key);

  /// The keys trusted to sign for `origin`; none when the log is not known.
  Result<std::vector<VerifierKey>> KeysOf(std::string_view origin) const;

  /// What was cosigned last of `origin`; nothing when nothing was.
  Result<std::optional<CosignedTree>> Latest(std::string_view origin) const;

  /// Puts `after` in the place of `before` (its time is not compared), in one step that either
  /// happens whole or not at all. `note` is the cosigned checkpoint. False when something else
  /// stands there by now; nothing is then changed.
  Result<bool> Replace(std::string_view origin, const std::optional<CosignedTree>& before,
                       const CosignedTree& after, std::string_view note);

  /// The checkpoint cosigned last of the log whose origin has this SHA-256, in lower-case
  /// hexadecimal; nothing when there is none.
  Result<std::optional<std::string>> LatestNote(std::string_view origin_hash) const;

 private:
  WitnessStore(storage::Sqlite store, std::string name);
  storage::Sqlite store_;
  std::string name_;
};

}  // namespace candour::tlog
