#pragma once

#include <string>

#include "rights/person_view.h"

namespace candour::rights {

/// The view as the person reads it in a terminal: what we hold, what you chose, what that means,
/// what was done. At most 10 accesses; `candour person ID accesses` lists all.
///
/// Values of data are shown on one line each, without control characters, cut at 60 characters. Of
/// a single row the fields without a value are left out; the JSON has all.
std::string PersonText(const PersonView& view);

}  // namespace candour::rights
