#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace candour {

/// A value, or the reason there is none. What crosses a module border returns this; exceptions of
/// libraries are caught at the leaf.
template <class T>
using Result = std::expected<T, Error>;

/// Success, or the reason there is none.
using Status = std::expected<void, Error>;

/// An error ready to be returned from a function with any `Result`.
inline std::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{.code = code, .message = std::move(message)});
}

inline std::unexpected<Error> Fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace candour

#define CANDOUR_CONCAT_INNER(a, b) a##b
#define CANDOUR_CONCAT(a, b) CANDOUR_CONCAT_INNER(a, b)

/// Returns the error of `expression` (a Result or Status) from the enclosing function.
#define CANDOUR_TRY(expression)                                  \
  do {                                                           \
    auto candour_status = (expression);                          \
    if (!candour_status) {                                       \
      return std::unexpected(std::move(candour_status).error()); \
    }                                                            \
  } while (false)

/// Declares `declaration` from the value of `expression`, or returns its error.
#define CANDOUR_ASSIGN(declaration, expression) \
  CANDOUR_ASSIGN_INNER(CANDOUR_CONCAT(candour_result_, __LINE__), declaration, expression)
#define CANDOUR_ASSIGN_INNER(temporary, declaration, expression)        \
  auto temporary = (expression);                                        \
  if (!temporary) return std::unexpected(std::move(temporary).error()); \
  declaration = *std::move(temporary)
