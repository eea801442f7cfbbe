#pragma once

#include <nlohmann/json_fwd.hpp>

#include "rights/person_view.h"

namespace candour::rights {

/// The view as data: person, time, identities, held, choices, effects, accesses.
/// Values keep their types; dates and decimals are text.
nlohmann::json PersonJson(const PersonView& view);

}  // namespace candour::rights
