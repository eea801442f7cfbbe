#pragma once

#include <string>

#include "cli/session.h"

namespace candour::cli {

/// What person ID erase was told.
struct EraseOptions {
  std::string person;
  std::string as;
  std::string reason;
  bool yes = false;
  bool suppress = true;
};

/// Erases a person, once it was confirmed; tells what stays, and what it does not reach.
/// Errors: kUsage (no reason; not confirmed), those of Session::ActAs and Home::Erase.
Status ErasePerson(Session& session, const EraseOptions& options);

}  // namespace candour::cli
