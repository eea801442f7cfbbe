#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "consent/choice.h"
#include "consent/purpose_chain.h"

namespace candour::consent {

/// The rules of docs/algorithms/effective_consent.md written down a second time, for tests: slow,
/// and sharing no code or idea of a scale with the product. It answers for single points (a
/// question with a value on every axis); a question about "any" is a yes when every point is.
class NaiveConsent {
 public:
  NaiveConsent(const PurposeChain& chain, std::vector<Choice> choices, UtcTime last_merge,
               UtcTime now)
      : chain_(chain), last_merge_(last_merge) {
    for (Choice& choice : choices) {
      if (choice.event_time <= now) choices_.push_back(std::move(choice));
    }
  }

  bool Permits(Question question) const {
    if (question.channel == "any") {
      return EveryPoint(question, &Question::channel, {"email", "sms", "post", "-"});
    }
    if (question.category == "any") {
      return EveryPoint(question, &Question::category, {"pd:A", "pd:B", "-"});
    }
    if (question.recipient == "any") {
      return EveryPoint(question, &Question::recipient, {"us", "them", "-"});
    }
    return PermitsPoint(question);
  }

 private:
  bool EveryPoint(Question question, std::string Question::* axis,
                  std::vector<std::string> values) const {
    return std::ranges::all_of(values, [&](const std::string& value) {
      question.*axis = value;
      return Permits(question);
    });
  }

  bool PermitsPoint(const Question& point) const {
    const LegalBasis basis = chain_.front().basis;
    const bool free = basis == LegalBasis::kContract || basis == LegalBasis::kLegalObligation ||
                      basis == LegalBasis::kVitalInterests;
    if (free && !Marketing()) return true;
    bool granted = basis != LegalBasis::kConsent;
    // As many views of the person as there are records with old choices, and one of the new ones.
    std::vector<RecordNo> views = {0};
    for (const Choice& choice : choices_) views.push_back(choice.record);
    for (const RecordNo view : views) {
      std::vector<Choice> seen;
      for (const Choice& choice : choices_) {
        if (Concerns(choice, point) && (choice.event_time > last_merge_ || choice.record == view)) {
          seen.push_back(choice);
        }
      }
      if (RefusedIn(seen)) return false;
      granted = granted || GrantedIn(seen, point);
    }
    return granted;
  }

  bool Marketing() const { return std::ranges::any_of(chain_, &Purpose::direct_marketing); }

  int Rank(const std::string& purpose) const {
    for (std::size_t i = 0; i < chain_.size(); ++i) {
      if (chain_[i].id == purpose) return static_cast<int>(i);
    }
    return purpose == "any" ? 99 : -1;
  }

  bool Concerns(const Choice& choice, const Question& point) const {
    const auto meets = [](const std::string& said, const std::string& asked) {
      return said == "any" || said == asked;
    };
    return Rank(choice.purpose) >= 0 && meets(choice.unit, point.unit) &&
           meets(choice.channel, point.channel) && meets(choice.category, point.category) &&
           meets(choice.recipient, point.recipient);
  }

  static bool IsNo(const Choice& choice) {
    return choice.evidence == Evidence::kObjection || choice.evidence == Evidence::kWithdrawal;
  }

  /// Both concern one point, so on each axis they differ only when one of them says "any".
  bool AtLeastAsWide(const Choice& wide, const Choice& narrow) const {
    const auto as_wide = [](const std::string& a, const std::string& b) {
      return a == "any" || b != "any";
    };
    return Rank(wide.purpose) >= Rank(narrow.purpose) && as_wide(wide.unit, narrow.unit) &&
           as_wide(wide.channel, narrow.channel) && as_wide(wide.category, narrow.category) &&
           as_wide(wide.recipient, narrow.recipient);
  }

  bool InForce(const Choice& yes, const std::vector<Choice>& seen) const {
    return std::ranges::none_of(seen, [&](const Choice& other) {
      if (other.event_time < yes.event_time) return false;
      if (IsNo(other)) return AtLeastAsWide(other, yes);
      return other.evidence != Evidence::kConsent && other.source == yes.source &&
             other.record == yes.record && AtLeastAsWide(other, yes) && AtLeastAsWide(yes, other);
    });
  }

  bool RefusedIn(const std::vector<Choice>& seen) const {
    return std::ranges::any_of(seen, [&](const Choice& no) {
      return IsNo(no) && std::ranges::none_of(seen, [&](const Choice& yes) {
               return yes.evidence == Evidence::kConsent && yes.event_time > no.event_time &&
                      AtLeastAsWide(no, yes) && InForce(yes, seen);
             });
    });
  }

  bool GrantedIn(const std::vector<Choice>& seen, const Question& point) const {
    return std::ranges::any_of(seen, [&](const Choice& choice) {
      if (choice.evidence == Evidence::kConsent) return InForce(choice, seen);
      if (choice.evidence != Evidence::kSoftOptIn || !Marketing()) return false;
      if (choice.unit != point.unit) return false;
      if (point.channel != "email" && point.channel != "sms") return false;
      return std::ranges::none_of(seen, [&](const Choice& other) {
        return (other.evidence == Evidence::kUnset || other.evidence == Evidence::kUnevidenced) &&
               other.event_time >= choice.event_time && other.source == choice.source &&
               other.record == choice.record && AtLeastAsWide(other, choice) &&
               AtLeastAsWide(choice, other);
      });
    });
  }

  PurposeChain chain_;
  std::vector<Choice> choices_;
  UtcTime last_merge_;
};

}  // namespace candour::consent
