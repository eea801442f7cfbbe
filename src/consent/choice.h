#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"

namespace candour::consent {

/// What a recorded flag or act is evidence of.
enum class Evidence {
  kConsent,      ///< a positive, recorded act: a grant
  kSoftOptIn,    ///< existing customer, similar products, opt-out offered (PECR reg. 22(3))
  kUnevidenced,  ///< somebody once set a flag and nobody knows how: denied until refreshed
  kObjection,    ///< the person said no
  kWithdrawal,   ///< the person took a consent back
  kUnset,        ///< nothing is known
};

std::optional<Evidence> ParseEvidence(std::string_view text);
std::string_view ToString(Evidence evidence);

/// One choice event. It stays with the record it was made on, so that a split restores it.
struct Choice {
  RecordNo record = 0;
  std::string purpose;           ///< purpose id, or "any"
  std::string unit = "any";      ///< the sender
  std::string channel = "any";   ///< email, post, sms, phone, push, in-person, or "any"
  std::string category = "any";  ///< data category
  std::string recipient = "any";
  Evidence evidence = Evidence::kUnset;
  std::string source;     ///< mapping id, or "person" when chosen through Candour
  std::string notice;     ///< what the person was shown
  UtcTime event_time;     ///< when it was made
  UtcTime recorded_time;  ///< when Candour learnt of it
};

/// What the door asks about a person.
struct Question {
  std::string purpose;
  std::string unit;
  std::string channel = "any";
  std::string category = "any";
  std::string recipient = "any";
  auto operator<=>(const Question&) const = default;
};

}  // namespace candour::consent
