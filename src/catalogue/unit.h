#pragma once

#include <string>

#include "base/error.h"

namespace candour::catalogue {

/// A business unit: who decides about its data and who watches over that.
struct Unit {
  std::string id;
  std::string name;
  std::string legal_entity;
  std::string controller;  ///< data crossing controllers needs an agreement
  std::string regulator;
  Where where;  ///< the declaration it was read from
};

}  // namespace candour::catalogue
