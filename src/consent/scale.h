#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "consent/effective.h"

namespace candour::consent {

/// How far a choice reaches, as seen from one question: on each axis a value or "any".
struct Scope {
  std::size_t purpose_rank = 0;          ///< in the purpose chain; its length for "any"
  std::array<std::string_view, 4> axes;  ///< unit, channel, category, recipient
  bool operator==(const Scope&) const = default;
};

/// What a choice says to a question.
enum class Sense {
  kNothing,      ///< nothing is known (any more)
  kUnevidenced,  ///< somebody once said yes, nobody knows how
  kSoftYes,      ///< may be presumed to be content, until a no
  kYes,
  kNo,
};

/// One choice laid on the scale.
struct Vote {
  const Scope* scope = nullptr;
  std::string_view source;
  RecordNo record = 0;
  Sense sense = Sense::kNothing;
  UtcTime time;
  std::size_t choice = 0;  ///< the caller's number for it
};

/// What came of weighing.
struct Verdict {
  bool permitted = false;
  Reason reason = Reason::kNotAsked;
  std::optional<std::size_t> deciding;  ///< `Vote::choice` of the vote that decided
};

struct Tally;

/// Weighs choices for one question: the core that Decide (one person, explained) and
/// PermittedRecords (everybody, fast) share, so that they cannot differ.
///
/// It keeps views of `question`, which must outlive it. Threads: any, after construction.
class Scale {
 public:
  Scale(const Question& question, const PurposeChain& chain);

  /// Where the choice stands, or nothing when it does not concern the question.
  std::optional<Scope> Place(const Choice& choice) const;

  /// What evidence of that scope says here.
  Sense SenseOf(Evidence evidence, const Scope& scope) const;

  /// The answer for a person with these votes, which are used up.
  Verdict Weigh(std::vector<Vote>& votes, UtcTime last_merge) const;

  /// The answer for a person who has made no choice.
  Verdict Default() const;

  /// Whether any choice can change the answer.
  bool DependsOnChoices() const { return heeds_no_; }

 private:
  bool CoversQuestion(const Scope& scope) const;
  bool Lifts(const Vote& yes, const Vote& no) const;
  void WeighPool(const std::vector<const Vote*>& pool, Tally& tally) const;
  Verdict Conclude(const Tally& tally) const;

  std::vector<std::string> purposes_;
  std::array<std::string_view, 4> asked_;
  LegalBasis basis_;
  bool direct_marketing_ = false;
  bool heeds_no_ = false;
};

}  // namespace candour::consent
