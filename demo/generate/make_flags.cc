#include "make_flags.h"

#include <algorithm>
#include <array>

#include "random.h"

namespace candour::demo {
namespace {

// In the order of Stance, as running sums of percent.
constexpr std::array<std::uint64_t, 5> kShares = {35, 45, 65, 75, 100};

// The day the GDPR came to apply: units kept evidence from then on.
constexpr Day kFirstEvidence = MakeDay(2018, 5, 25);

/// A unit's code for each stance, in the order of Stance.
using Codes = std::array<const char*, 5>;
constexpr Codes kFoodCodes = {"Y", "S", "1", "N", ""};
constexpr Codes kElectricalCodes = {"OPTIN", "EXISTING", "TRUE", "OPTOUT", ""};
constexpr Codes kFuneralcareCodes = {"form-signed", "client", "ok", "do-not-contact", ""};

Day DrawSince(Day earliest, Random& random) {
  return earliest +
         std::chrono::days(random.Below(static_cast<std::size_t>((kExportDay - earliest).count())));
}

Flag DrawFlag(const Codes& codes, Day joined, Random& random) {
  const auto stance = static_cast<Stance>(random.Weighted(kShares));
  Flag flag{.value = codes[static_cast<std::size_t>(stance)], .stance = stance};
  // Nobody wrote down when an unevidenced flag was set: that is why it is one.
  if (stance != Stance::kUnevidenced && stance != Stance::kUnset) {
    flag.set = DrawSince(
        std::min(std::max(joined, kFirstEvidence), kExportDay - std::chrono::days(1)), random);
  }
  return flag;
}

}  // namespace

void MakeFlags(std::span<Member> members, std::uint64_t seed) {
  Random food(seed, "food flags");
  Random electrical(seed, "electrical flags");
  Random funeralcare(seed, "funeralcare flags");
  Random insurance(seed, "insurance flags");
  Random insight(seed, "insight objections");
  for (Member& member : members) {
    member.food_email = DrawFlag(kFoodCodes, member.joined, food);
    member.electrical_mail = DrawFlag(kElectricalCodes, member.joined, electrical);
    member.funeralcare_contact = DrawFlag(kFuneralcareCodes, member.joined, funeralcare);
    const bool ticked = insurance.Percent(60);
    member.insurance_marketing = {.value = ticked ? "true" : "false",
                                  .stance = ticked ? Stance::kUnevidenced : Stance::kUnset};
    if (insight.Percent(3)) {
      member.profiling_objection = DrawSince(
          std::min(std::max(member.joined, kFirstEvidence), kExportDay - std::chrono::days(1)),
          insight);
    }
  }
}

const char* ToText(Stance stance) {
  constexpr std::array<const char*, 5> kWords = {"consent", "soft-opt-in", "unevidenced",
                                                 "objection", "unset"};
  return kWords[static_cast<std::size_t>(stance)];
}

}  // namespace candour::demo
