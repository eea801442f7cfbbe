#pragma once

#include <map>
#include <string>

#include "base/error.h"
#include "consent/choice.h"

namespace candour::consent {

/// How a unit's own flag column is read: into what each value is evidence of, and no more.
struct Mapping {
  std::string id;
  std::string unit;     ///< the sender whose question the flag answers
  std::string dataset;  ///< where the flag lives
  std::string field;
  std::string time_field;  ///< when the flag was set, or empty
  std::string purpose;
  std::string channel;                     ///< "any" when the flag does not say
  std::string notice;                      ///< what the person was shown, when known
  std::map<std::string, Evidence> values;  ///< the flag's values; "" is null
  Evidence otherwise = Evidence::kUnset;
  Where where;
};

}  // namespace candour::consent
