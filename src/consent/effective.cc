#include "consent/effective.h"

#include <fmt/format.h>

#include "consent/scale.h"

namespace candour::consent {
namespace {

std::string_view Sentence(Reason reason) {
  switch (reason) {
    case Reason::kConsented:
      return "the person has consented, with evidence, and has not said no since";
    case Reason::kSoftOptIn:
      return "an existing customer of the same unit may be sent this until they say no";
    case Reason::kNoObjection:
      return "no consent is asked for, and the person has not objected";
    case Reason::kBasisCarriesIt:
      return "the legal basis does not depend on the person's choice";
    case Reason::kRefused:
      return "the person has said no, and only the person can choose again";
    case Reason::kUnevidenced:
      return "consent is needed, and there is no evidence for the one on file";
    case Reason::kNotAsked:
      return "consent is needed, and the person has given none";
  }
  return "unknown";
}

}  // namespace

std::string_view ToString(Reason reason) {
  switch (reason) {
    case Reason::kConsented:
      return "consented";
    case Reason::kSoftOptIn:
      return "soft-opt-in";
    case Reason::kNoObjection:
      return "no-objection";
    case Reason::kBasisCarriesIt:
      return "basis-carries-it";
    case Reason::kRefused:
      return "refused";
    case Reason::kUnevidenced:
      return "unevidenced";
    case Reason::kNotAsked:
      return "not-asked";
  }
  return "unknown";
}

Effective Decide(const Question& question, const PurposeChain& chain,
                 std::span<const Choice> choices, UtcTime last_merge, UtcTime now) {
  const Scale scale(question, chain);
  std::vector<Scope> scopes;
  scopes.reserve(choices.size());  // votes point into it
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const Choice& choice = choices[i];
    const auto scope = scale.Place(choice);
    if (!scope || choice.event_time > now) continue;
    scopes.push_back(*scope);
    votes.push_back(Vote{.scope = &scopes.back(),
                         .source = choice.source,
                         .record = choice.record,
                         .sense = scale.SenseOf(choice.evidence, *scope),
                         .time = choice.event_time,
                         .choice = i});
  }
  const Verdict verdict = scale.Weigh(votes, last_merge);
  Effective effective{.permitted = verdict.permitted, .reason = verdict.reason};
  if (verdict.deciding) effective.deciding = choices[*verdict.deciding];
  effective.rule = fmt::format("purpose {}, legal basis {}: {}", question.purpose,
                               ToString(chain.front().basis), Sentence(verdict.reason));
  return effective;
}

}  // namespace candour::consent
