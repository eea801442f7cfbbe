#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/aead.h"
#include "crypto/secret.h"
#include "ledger/break_glass_record.h"
#include "ledger/recorder.h"
#include "storage/filesystem.h"

namespace candour::ledger {

/// What the key of break-glass files is derived from the root key by.
inline constexpr std::string_view kBreakGlassKey = "break-glass";

/// The longest reason or finding, in bytes.
inline constexpr std::size_t kMaxReasonSize = 2'000;

/// Errors: kUsage (no reason, or one that is too long). `what` names it, e.g. "reason".
Status CheckReason(std::string_view what, const std::string& reason);

/// The record of an emergency: accesses go here while the ledger cannot be written.
///
/// A principal breaks the glass with a stated reason, for sixty minutes; only that principal's
/// accesses are taken, only so long, and not when the clock went back. Everything is durable
/// before it returns, as in the ledger, which takes the file in when it is back
/// (docs/formats/break-glass.md). It permits nothing: the door decides as ever.
/// Threads: one at a time. Personal data: sealed under a key of the home's root key.
class BreakGlass final : public Recorder {
 public:
  /// Opens or makes the record in `folder`, whose parent exists. `clock`, `files` outlive it.
  /// Errors: those of BreakGlassFile::Open.
  static Result<BreakGlass> Open(storage::Filesystem& files, const std::filesystem::path& folder,
                                 const crypto::Secret& key, const Clock& clock);

  /// Breaks the glass for a principal; durable on return.
  /// Errors: kUsage (no reason), kBreakGlassRefused (it is broken for them already; the clock went
  /// back), kExhausted, kIo.
  Result<GlassGrant> Break(const std::string& principal, const std::string& os_user,
                           const std::string& reason);

  /// From now on records under that principal's last grant. Errors: kBreakGlassRefused (none, its
  /// time is over, or the clock went back).
  Status EnterAs(const std::string& principal);

  /// Every grant in the file, oldest first.
  std::vector<GlassGrant> grants() const;

  /// Recorder. Errors: kBreakGlassRefused (as EnterAs; the access is of another principal; an entry
  /// that is no refused request), kNotFound, kConflict, kExhausted, kIo.
  Result<SetId> StoreSet(const Bitmap& records) override;
  Result<std::uint64_t> Started(AccessDetail detail) override;
  Status Finished(std::uint64_t started, const std::optional<SetId>& released, std::int64_t rows,
                  const std::string& outcome) override;
  Result<std::uint64_t> Append(EntryType type, const nlohmann::json& body) override;

 private:
  BreakGlass(std::unique_ptr<crypto::Aead> seal, BreakGlassFile file, const Clock& clock)
      : seal_(std::move(seal)), file_(std::move(file)), clock_(&clock) {}
  Result<std::uint64_t> Put(GlassContent content);
  void Note(GlassContent content);
  Status CheckClock(UtcTime now) const;
  Status CheckOpen(UtcTime now) const;
  const GlassGrant* LastGrantOf(const std::string& principal) const;

  std::unique_ptr<crypto::Aead> seal_;  ///< the file refers to it
  BreakGlassFile file_;
  const Clock* clock_;
  std::vector<GlassGrant> grants_;
  std::unordered_set<std::string> sets_;       ///< ids of the file
  std::unordered_set<std::uint64_t> running_;  ///< accesses without an outcome
  UtcTime latest_;                             ///< of all records
  std::optional<GlassGrant> entered_;
};

}  // namespace candour::ledger
