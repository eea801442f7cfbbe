#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "ledger/ledger.h"
#include "ledger/silence.h"
#include "people/register.h"
#include "rights/look_up.h"

namespace candour::rights {

/// What became of one person's data in one access.
enum class Left {
  kRow,         ///< rows of theirs left
  kNoRow,       ///< rows left, none of theirs
  kFigures,     ///< only figures about groups left
  kShown,       ///< a look-up: what is held about them was shown
  kNothing,     ///< it failed, and nothing left
  kUnfinished,  ///< a look-up or figures that are still under way, or were cut short
  kUnknown,     ///< rows may have left, and it cannot be told whether theirs did
};

/// The word for it in JSON, e.g. "row", "no-row", "figures".
std::string_view ToString(Left left);

/// What became of it, from what the ledger says: its output kind, its outcome (empty while it is
/// not finished), and whether a row of the person's left, where that can be told.
Left LeftOf(std::string_view output, std::string_view outcome, std::optional<bool> row);

/// One access that one person's records were available to, with the names that people read.
/// Personal data of staff, and what was searched for, are left out.
struct AccessLine {
  std::uint64_t number = 0;
  UtcTime time;
  std::string use;  ///< id
  std::string title;
  std::string purpose;  ///< id
  std::string purpose_name;
  std::string purpose_text;
  std::string recipient;
  std::string principal;              ///< the role's name; empty when it was erased
  bool by_member = false;             ///< a member asked, who is shown only themselves
  std::string output;                 ///< rows, pseudonymised, aggregates, look-up
  std::vector<std::string> datasets;  ///< titles
  Left left = Left::kUnknown;
  bool in_emergency = false;  ///< recorded apart, while the ledger could not be written
  std::optional<ledger::Silence> silence;  ///< people were not told of it before
};

/// Every access that one person's records were available to, newest first, but those that people
/// are not told of yet.
///
/// Uses that are no longer declared appear under their id.
/// Errors: of the ledger. Cost: of Ledger::AccessesOf, and each distinct released set once.
/// Threads: one at a time.
Result<std::vector<AccessLine>> DescribeAccesses(const policy::Rules& rules,
                                                 std::span<const accounts::Principal> principals,
                                                 const ledger::Ledger& ledger,
                                                 const std::vector<RecordNo>& records);

/// The same for accesses that were read from the ledger for these records, in their order.
Result<std::vector<AccessLine>> DescribeAccesses(const policy::Rules& rules,
                                                 std::span<const accounts::Principal> principals,
                                                 const ledger::Ledger& ledger,
                                                 std::span<const ledger::AccessDetail> accesses,
                                                 const std::vector<RecordNo>& records);

/// Notes on the look-up's own line, read before it was finished, that it was shown after all.
void MarkShown(std::span<AccessLine> lines, std::uint64_t look_up);

/// The same for `candour person ID accesses`: a look-up with its own record, itself the first line.
/// Errors: of LookUp::Admit; kNotFound (no such person); of the ledger. Threads: one at a time.
Result<std::vector<AccessLine>> ShowAccesses(const gate::Setting& setting, ledger::Ledger& ledger,
                                             const people::Register& people,
                                             const PersonRequest& request);

/// The list as a member reads it. At most `limit` accesses, and how many more there are.
std::string AccessesText(std::span<const AccessLine> lines, std::size_t limit);

/// One sentence each: to whom records were available; what left; nothing, or that people could not
/// be told before.
std::string AvailableText(const AccessLine& line);
std::string WhatLeftText(const AccessLine& line);
std::string ToldLaterText(const AccessLine& line);

/// Each access as an object: time, use, title, purpose, recipient, output, left, …
nlohmann::json AccessesJson(std::span<const AccessLine> lines);

}  // namespace candour::rights
