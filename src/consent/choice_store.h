#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "consent/choice.h"
#include "storage/sqlite.h"

namespace candour::consent {

/// A choice as the store streams it: what many choices share is given by number.
struct ChoiceRow {
  RecordNo record = 0;
  std::uint32_t terms = 0;  ///< see ChoiceStore::Terms
  Evidence evidence = Evidence::kUnset;
  UtcTime event_time;
};

/// Every choice that was ever recorded: append-only, with the time it was made and the time it was
/// learnt of. In SQLite under the home's state (docs/formats/choices.md).
///
/// Errors: kIo, kCorruption, and as each method says. Threads: one at a time.
/// Personal data: record numbers with what their people chose; it stays in this store.
class ChoiceStore {
 public:
  static Result<ChoiceStore> Open(const std::filesystem::path& file,
                                  storage::SqliteUse use = storage::SqliteUse::kWrite);
  ChoiceStore(ChoiceStore&&) noexcept;
  ChoiceStore& operator=(ChoiceStore&&) noexcept;
  ~ChoiceStore();

  /// A copy in memory, to try what a change would do; this store never learns of it.
  /// Errors: kIo. Cost: the store's size.
  Result<ChoiceStore> Trial() const;

  /// Adds all of them or none; durable on return.
  /// Errors: kInvalidArgument (no record, or an empty axis; the message says which).
  Status Add(const std::vector<Choice>& choices);

  /// Brings what `source` (a mapping) says up to date and returns how many choices that added.
  ///
  /// A choice is added when it differs from the latest of that source and record in any cell; a
  /// later recorded_time alone is no difference, nor is an event time that is only the time of the
  /// import (event_time == recorded_time). Where the source used to say yes in another cell, an
  /// unset choice takes that back. So importing the same twice adds nothing. All or nothing.
  /// `choices`: one per record, all of `source`. Errors: as Add.
  Result<std::size_t> ReplaceSource(std::string_view source, const std::vector<Choice>& choices);

  /// Destroys every choice on these records, for people who are erased: nothing of it stays in the
  /// file. Durable on return.
  Status Forget(std::span<const RecordNo> records);

  /// All choices on these records, in the order they were recorded.
  Result<std::vector<Choice>> OfRecords(std::span<const RecordNo> records) const;

  /// Calls `visit` for every choice about one of the purposes or about "any"; the reference holds
  /// for the call only. Cost: linear in those choices.
  Status ForEachOf(std::span<const std::string> purposes,
                   const std::function<void(const Choice&)>& visit) const;

  /// The same without the texts, for millions.
  Status ForEachRowOf(std::span<const std::string> purposes,
                      const std::function<void(const ChoiceRow&)>& visit) const;

  /// What the choices of a row's `terms` share: all texts, and nothing else, are filled in.
  const Choice& Terms(std::uint32_t terms) const;

  /// Counts up with every change. Errors: kIo.
  Result<std::int64_t> Epoch() const;

 private:
  struct State;
  explicit ChoiceStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace candour::consent
