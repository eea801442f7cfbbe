#pragma once

#include <array>
#include <random>
#include <string>

#include "consent/choice.h"
#include "consent/purpose_chain.h"

namespace candour::consent {

/// Draws purposes, questions and choices over small worlds, for property tests. The same seed draws
/// the same.
class RandomConsent {
 public:
  explicit RandomConsent(std::uint32_t seed) : random_(seed) {}

  int Below(int limit) { return static_cast<int>(random_() % static_cast<std::uint32_t>(limit)); }

  PurposeChain Chain() {
    PurposeChain chain = {Purpose{.id = "p", .parent = "q"}, Purpose{.id = "q"}};
    chain[0].basis = static_cast<LegalBasis>(Below(3) == 0 ? Below(6) : 0);
    chain[0].direct_marketing = Below(2) == 0;
    return chain;
  }

  Question Ask() {
    return Question{.purpose = "p",
                    .unit = "food",
                    .channel = Pick({"email", "sms", "post", "any"}),
                    .category = Pick({"pd:A", "pd:B", "any"}),
                    .recipient = Pick({"us", "them", "any"})};
  }

  Choice Say(RecordNo record, int latest) {
    return Choice{.record = record,
                  .purpose = Pick({"p", "p", "q", "any", "other"}),
                  .unit = Pick({"food", "food", "any", "insurance"}),
                  .channel = Pick({"any", "any", "email", "sms", "post"}),
                  .category = Pick({"any", "any", "any", "pd:A", "pd:B"}),
                  .recipient = Pick({"any", "any", "any", "us", "them"}),
                  .evidence = static_cast<Evidence>(Below(3) == 0 ? 0 : Below(6)),
                  .source = Pick({"person", "crm", "till"}),
                  .event_time = UtcTime{1 + Below(latest)}};
  }

 private:
  std::string Pick(std::initializer_list<const char*> values) {
    return values.begin()[Below(static_cast<int>(values.size()))];
  }

  std::mt19937 random_;
};

}  // namespace candour::consent
