#pragma once

#include <string>
#include <string_view>

#include "policy/decide.h"

namespace candour::rights {

/// What of that name is in force, or nullptr. Cost: linear in the declarations. Threads: any.
const policy::Use* FindUse(const policy::Rules& rules, std::string_view id);
const consent::Purpose* FindPurpose(const policy::Rules& rules, std::string_view id);
const catalogue::Dataset* FindDataset(const policy::Rules& rules, std::string_view name);

/// How people read the name; the identifier itself when nothing of that name is in force (the past
/// may speak of what is no longer declared).
std::string NameOfUnit(const policy::Rules& rules, std::string_view id);
std::string NameOfPurpose(const policy::Rules& rules, std::string_view id);
std::string TitleOfDataset(const policy::Rules& rules, std::string_view name);

/// The use's decision today for those it names, whoever they are: permitted means in force.
policy::Decision DecideForItsOwn(const policy::Rules& rules, const policy::Use& use, UtcTime now);

}  // namespace candour::rights
