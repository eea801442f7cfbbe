#include "rights/choice_effect.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "consent/purpose_chain.h"
#include "rights/declared.h"
#include "rights/plain_words.h"

namespace candour::rights {
namespace {

using consent::Choice;
using consent::Effective;
using consent::Reason;

auto WhatItSays(const Choice& choice) {
  return std::tie(choice.purpose, choice.unit, choice.channel, choice.category, choice.recipient,
                  choice.evidence, choice.source, choice.notice, choice.event_time);
}

std::string DateOf(const Effective& answer) {
  return answer.deciding ? " on " + PlainDate(answer.deciding->event_time) : "";
}

/// Why the answer is what it is, said to the person. `basis`: of the use's purpose.
std::string Why(const Effective& answer, consent::LegalBasis basis) {
  switch (answer.reason) {
    case Reason::kConsented:
      return fmt::format("you said yes{}", DateOf(answer));
    case Reason::kSoftOptIn:
      return "you are a customer, were offered a way out, and have not taken it";
    case Reason::kNoObjection:
      return "it needs no consent, and you have not objected; you can at any time";
    case Reason::kBasisCarriesIt:
      return fmt::format("it does not depend on your choices: {}", BasisWords(basis));
    case Reason::kRefused:
      return fmt::format("you said no{}", DateOf(answer));
    case Reason::kUnevidenced:
      return "there is a yes on file, but nobody can show how you gave it, so it does not count";
    case Reason::kNotAsked:
      return "it needs your consent, and you have not given it";
  }
  return "";
}

/// What is held where: asked once for each dataset, however many uses read it.
class Presence {
 public:
  Presence(const gate::Setting& setting, std::span<const RecordNo> records)
      : setting_(setting), records_(records) {}

  Result<bool> Holds(const std::string& dataset) {
    if (const auto known = known_.find(dataset); known != known_.end()) return known->second;
    const auto version = intake::LoadCurrent(setting_.state_dir, dataset);
    if (!version && version.error().code != ErrorCode::kDatasetEmpty) return Fail(version.error());
    const bool holds = version && std::ranges::any_of(records_, [&version](RecordNo record) {
                         return version->present->Contains(record);
                       });
    return known_.emplace(dataset, holds).first->second;
  }

 private:
  const gate::Setting& setting_;
  std::span<const RecordNo> records_;
  std::map<std::string, bool> known_;
};

/// One person's answer to all questions of a dataset: the first no, else the yes that a choice of
/// theirs decided, else any yes.
Effective Answer(const policy::DatasetPlan& plan, const consent::PurposeChain& chain,
                 std::span<const Choice> choices, UtcTime last_merge, UtcTime now) {
  std::optional<Effective> shown;
  for (const consent::Question& question : plan.questions) {
    Effective answer = consent::Decide(question, chain, choices, last_merge, now);
    if (!answer.permitted) return answer;
    if (!shown || (!shown->deciding && answer.deciding)) shown = std::move(answer);
  }
  return shown.value_or(Effective{});
}

}  // namespace

bool UseEffect::Held() const { return std::ranges::any_of(datasets, &DatasetEffect::held); }

bool UseEffect::Included() const {
  return std::ranges::any_of(datasets,
                             [](const DatasetEffect& one) { return one.held && one.permitted; });
}

std::vector<ChoiceLine> DescribeChoices(const policy::Rules& rules,
                                        std::span<const Choice> choices) {
  std::vector<ChoiceLine> lines;
  for (const Choice& choice : choices) {
    const bool known = std::ranges::any_of(lines, [&choice](const ChoiceLine& line) {
      return WhatItSays(line.choice) == WhatItSays(choice);
    });
    if (known) continue;
    const bool any_unit = choice.unit == "any";
    lines.push_back(
        {.choice = choice,
         .purpose = choice.purpose == "any" ? "anything" : NameOfPurpose(rules, choice.purpose),
         .unit = any_unit ? "any of our businesses" : NameOfUnit(rules, choice.unit)});
  }
  std::ranges::stable_sort(lines, [](const ChoiceLine& a, const ChoiceLine& b) {
    return a.choice.event_time > b.choice.event_time;
  });
  return lines;
}

Result<std::vector<UseEffect>> EffectOfChoices(const gate::Setting& setting,
                                               std::span<const RecordNo> records,
                                               std::span<const Choice> choices,
                                               UtcTime last_merge) {
  const UtcTime now = setting.clock.Now();
  Presence presence(setting, records);
  std::vector<UseEffect> effects;
  for (const policy::Use& use : setting.rules.uses) {
    const policy::Decision decision = DecideForItsOwn(setting.rules, use, now);
    if (!decision.permitted()) continue;
    CANDOUR_ASSIGN(const consent::PurposeChain chain,
                   consent::ChainOf(use.purpose, setting.rules.purposes));
    UseEffect effect{.use = use.id,
                     .title = use.title,
                     .recipient = use.recipient.name,
                     .purpose = decision.purpose->name,
                     .output = use.output};
    for (const policy::DatasetPlan& plan : decision.datasets) {
      if (!plan.dataset->HasPeople()) continue;
      DatasetEffect one{.dataset = plan.dataset->name,
                        .title = TitleOfDataset(setting.rules, plan.dataset->name)};
      CANDOUR_ASSIGN(one.held, presence.Holds(one.dataset));
      const Effective answer = Answer(plan, chain, choices, last_merge, now);
      one.permitted = answer.permitted;
      one.reason = answer.reason;
      one.why = Why(answer, decision.purpose->basis);
      effect.datasets.push_back(std::move(one));
    }
    effects.push_back(std::move(effect));
  }
  return effects;
}

}  // namespace candour::rights
