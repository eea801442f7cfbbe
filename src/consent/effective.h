#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "consent/choice.h"
#include "consent/purpose_chain.h"

namespace candour::consent {

/// Why the answer about a person is what it is.
enum class Reason {
  kConsented,       ///< yes: the person's own evidenced choice
  kSoftOptIn,       ///< yes: existing customer, and has not refused
  kNoObjection,     ///< yes: the basis asks for no consent, and the person has not objected
  kBasisCarriesIt,  ///< yes: the legal basis does not depend on choices
  kRefused,         ///< no: an objection or withdrawal stands
  kUnevidenced,     ///< no: consent is needed, and what there is has no evidence
  kNotAsked,        ///< no: consent is needed and nothing is known
};

std::string_view ToString(Reason reason);

/// The answer to one question about one person.
struct Effective {
  bool permitted = false;
  Reason reason = Reason::kNotAsked;
  std::optional<Choice> deciding;  ///< the choice that decided, when one did
  std::string rule;                ///< the rule in plain words; no personal data
};

/// Works out whether a person permits what `question` asks: the one place where choices become an
/// answer. It fails closed: a tie, a doubt or a conflict is a no.
///
/// `chain`: the question's purpose and its ancestors, nearest first. `choices`: all choices on all
/// of the person's records, in any order. `last_merge`: when the records last became more; up to
/// then a no on any record holds for the whole person. Choices made after `now` are not looked at.
/// The rules are in docs/algorithms/effective_consent.md.
///
/// Cost: linear in choices, quadratic in the distinct ones among them. Threads: any; pure.
/// Source: UK GDPR articles 6, 7, 21; PECR regulation 22.
Effective Decide(const Question& question, const PurposeChain& chain,
                 std::span<const Choice> choices, UtcTime last_merge, UtcTime now);

}  // namespace candour::consent
