#pragma once

#include <optional>
#include <string>
#include <vector>

#include "day.h"

namespace candour::demo {

/// What is true of a person's choice, whatever flag a unit keeps of it.
enum class Stance { kConsent, kSoftOptIn, kUnevidenced, kObjection, kUnset };

/// A unit's flag as it stands in the unit's system, and what it really stands for.
struct Flag {
  std::string value;       ///< in the unit's own code; empty when nothing is kept
  std::optional<Day> set;  ///< when it was set, if the unit kept that
  Stance stance = Stance::kUnset;
};

/// A made-up member: name, address and flags are generated; only the numbers of their loyalty card
/// and of their web shop account point at real (and nameless) purchases.
struct Member {
  std::string id;  ///< "M000001"
  std::string first_name;
  std::string last_name;
  bool female = false;
  Day born;
  std::string email;
  std::string phone;
  std::string postcode;
  std::string district;
  double latitude = 0;
  double longitude = 0;
  Day joined;
  std::string food_card;            ///< Complete Journey household, or empty
  std::string electrical_customer;  ///< Online Retail customer, or empty

  Flag food_email;
  Flag electrical_mail;
  Flag funeralcare_contact;
  Flag insurance_marketing;
  std::optional<Day> profiling_objection;

  int AgeAtExport() const { return YearOf(kExportDay) - YearOf(born); }
};

}  // namespace candour::demo
