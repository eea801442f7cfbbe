#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace candour {

/// Every kind of failure Candour reports; see error_code.def for what each means.
enum class ErrorCode {
#define CANDOUR_ERROR(enumerator, code, exit, http, sqlstate, page) enumerator,
#include "base/error_code.def"
#undef CANDOUR_ERROR
};

/// One line of the table in error_code.def.
struct ErrorCodeInfo {
  ErrorCode code;
  std::string_view name;      ///< as users see it, e.g. "consent.withdrawn"
  int exit_status;            ///< of the command line: 1 to 4
  int http_status;            ///< 400 to 599
  std::string_view sqlstate;  ///< five characters, PostgreSQL's meaning
  std::string_view page;      ///< what `candour explain NAME` prints
};

/// The table's line for `code`. Cost: constant. Threads: any.
const ErrorCodeInfo& InfoOf(ErrorCode code);

/// The table's line whose name is `name`, or nullptr.
const ErrorCodeInfo* FindErrorCode(std::string_view name);

/// A place in a text: a declaration file, or the SQL of a request (then `file` is "SQL").
struct Where {
  std::string file;
  int line = 0;    ///< from 1; 0 when unknown
  int column = 0;  ///< from 1; 0 when unknown

  /// "file:line:column", as compilers print it.
  std::string ToString() const;
};

/// What went wrong, said so that a person can act on it.
///
/// Personal data: no field may hold a value of somebody's data; name fields, not values.
/// Threads: a value, no sharing.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;         ///< one sentence, static text first
  std::string rule;            ///< which rule denied, e.g. "use member-offers: principals"
  std::optional<Where> where;  ///< the place in a declaration or in the SQL
  std::string expected;        ///< what would have been right
  std::string found;           ///< what was there instead
  std::string fix_by;          ///< who can change it
  std::string next;            ///< the next step, often a command

  /// The lines a terminal shows: message first, then what is known of the rest.
  std::string ToString() const;

  Error& Rule(std::string text) { return rule = std::move(text), *this; }
  Error& At(Where place) { return where = std::move(place), *this; }
  Error& Expected(std::string text) { return expected = std::move(text), *this; }
  Error& Found(std::string text) { return found = std::move(text), *this; }
  Error& FixBy(std::string text) { return fix_by = std::move(text), *this; }
  Error& Next(std::string text) { return next = std::move(text), *this; }
};

}  // namespace candour
