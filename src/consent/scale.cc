#include "consent/scale.h"

#include "base/check.h"

namespace candour::consent {
namespace {

constexpr std::string_view kAny = "any";
constexpr std::size_t kUnit = 0;
constexpr std::size_t kChannel = 1;

/// PECR calls them electronic mail: texts, voice and pictures kept until they are collected.
bool IsElectronicMail(std::string_view channel) {
  return channel == "email" || channel == "sms" || channel == "push";
}

bool Covers(std::string_view wide, std::string_view narrow) {
  return wide == kAny || wide == narrow;
}

/// Whether `outer` reaches at least as far as `inner` on every axis.
bool Contains(const Scope& outer, const Scope& inner) {
  if (outer.purpose_rank < inner.purpose_rank) return false;
  for (std::size_t axis = 0; axis < outer.axes.size(); ++axis) {
    if (!Covers(outer.axes[axis], inner.axes[axis])) return false;
  }
  return true;
}

/// A yes stands until a no that reaches at least as far, made at the same time or later.
bool Stands(const Vote& yes, const std::vector<const Vote*>& pool) {
  return std::ranges::none_of(pool, [&](const Vote* vote) {
    return vote->sense == Sense::kNo && vote->time >= yes.time &&
           Contains(*vote->scope, *yes.scope);
  });
}

bool SameCell(const Vote& a, const Vote& b) {
  return a.record == b.record && a.source == b.source && *a.scope == *b.scope;
}

/// Of what one source says of one record in one cell, keeps the latest no and what it says last.
/// An entry that knows nothing takes back the same source's earlier yes, but never a no: only the
/// person can take that back.
void KeepLatest(std::vector<Vote>& votes) {
  std::vector<Vote> kept;
  for (const Vote& vote : votes) {
    const bool no = vote.sense == Sense::kNo;
    const auto rival = std::ranges::find_if(kept, [&](const Vote& other) {
      return (other.sense == Sense::kNo) == no && SameCell(vote, other);
    });
    if (rival == kept.end()) {
      kept.push_back(vote);
    } else if (vote.time > rival->time || (vote.time == rival->time && vote.sense < rival->sense)) {
      *rival = vote;
    }
  }
  votes = std::move(kept);
}

}  // namespace

/// What the votes came to, over all pools.
struct Tally {
  const Vote* no = nullptr;  ///< the latest that nothing lifts
  const Vote* yes = nullptr;
  const Vote* soft_yes = nullptr;
  const Vote* unevidenced = nullptr;
};

namespace {

/// Among votes that decide alike, the one to show: the nearest, then the latest.
void Prefer(const Vote*& shown, const Vote* vote) {
  if (shown == nullptr || Contains(*shown->scope, *vote->scope)) {
    const bool same = shown != nullptr && *shown->scope == *vote->scope;
    if (!same || vote->time > shown->time) shown = vote;
  }
}

void PreferLater(const Vote*& shown, const Vote* vote) {
  if (shown == nullptr || vote->time > shown->time) shown = vote;
}

}  // namespace

Scale::Scale(const Question& question, const PurposeChain& chain)
    : asked_{question.unit, question.channel, question.category, question.recipient} {
  CANDOUR_REQUIRE(!chain.empty() && chain.front().id == question.purpose);
  basis_ = chain.front().basis;
  for (const Purpose& purpose : chain) {
    purposes_.push_back(purpose.id);
    direct_marketing_ = direct_marketing_ || purpose.direct_marketing;
  }
  heeds_no_ = direct_marketing_ || basis_ == LegalBasis::kConsent ||
              basis_ == LegalBasis::kPublicTask || basis_ == LegalBasis::kLegitimateInterests;
}

std::optional<Scope> Scale::Place(const Choice& choice) const {
  Scope scope{.axes = {choice.unit, choice.channel, choice.category, choice.recipient}};
  scope.purpose_rank = choice.purpose == kAny
                           ? purposes_.size()
                           : static_cast<std::size_t>(std::ranges::find(purposes_, choice.purpose) -
                                                      purposes_.begin());
  if (scope.purpose_rank == purposes_.size() && choice.purpose != kAny) return std::nullopt;
  for (std::size_t axis = 0; axis < asked_.size(); ++axis) {
    // A question about "any" asks for everything on that axis, so a no to a part of it concerns it.
    if (!Covers(scope.axes[axis], asked_[axis]) && asked_[axis] != kAny) return std::nullopt;
  }
  return scope;
}

Sense Scale::SenseOf(Evidence evidence, const Scope& scope) const {
  switch (evidence) {
    case Evidence::kConsent:
      return Sense::kYes;
    case Evidence::kSoftOptIn:
      return direct_marketing_ && IsElectronicMail(asked_[kChannel]) &&
                     scope.axes[kUnit] == asked_[kUnit]
                 ? Sense::kSoftYes
                 : Sense::kNothing;
    case Evidence::kUnevidenced:
      return Sense::kUnevidenced;
    case Evidence::kObjection:
    case Evidence::kWithdrawal:
      return Sense::kNo;
    case Evidence::kUnset:
      return Sense::kNothing;
  }
  return Sense::kNo;
}

bool Scale::CoversQuestion(const Scope& scope) const {
  for (std::size_t axis = 0; axis < asked_.size(); ++axis) {
    if (!Covers(scope.axes[axis], asked_[axis])) return false;
  }
  return true;
}

/// A later yes lifts a no that reaches as far or further, for all that the no keeps from us.
bool Scale::Lifts(const Vote& yes, const Vote& no) const {
  if (yes.time <= no.time || !Contains(*no.scope, *yes.scope)) return false;
  for (std::size_t axis = 0; axis < asked_.size(); ++axis) {
    const std::string_view kept = asked_[axis] == kAny ? no.scope->axes[axis] : asked_[axis];
    if (!Covers(yes.scope->axes[axis], kept)) return false;
  }
  return true;
}

void Scale::WeighPool(const std::vector<const Vote*>& pool, Tally& tally) const {
  std::vector<const Vote*> standing;
  for (const Vote* vote : pool) {
    if (vote->sense == Sense::kYes && Stands(*vote, pool)) standing.push_back(vote);
  }
  for (const Vote* vote : pool) {
    const bool covers = CoversQuestion(*vote->scope);
    if (vote->sense == Sense::kNo) {
      const bool lifted =
          std::ranges::any_of(standing, [&](const Vote* yes) { return Lifts(*yes, *vote); });
      if (!lifted) PreferLater(tally.no, vote);
    } else if (vote->sense == Sense::kSoftYes && covers) {
      Prefer(tally.soft_yes, vote);
    } else if (vote->sense == Sense::kUnevidenced && covers) {
      Prefer(tally.unevidenced, vote);
    }
  }
  for (const Vote* yes : standing) {
    if (CoversQuestion(*yes->scope)) Prefer(tally.yes, yes);
  }
}

Verdict Scale::Weigh(std::vector<Vote>& votes, UtcTime last_merge) const {
  KeepLatest(votes);
  // What was chosen since the merge was chosen by the whole person; what came before is weighed
  // record by record, and a no on one of them is a no.
  std::vector<const Vote*> since;
  std::vector<RecordNo> records;
  for (const Vote& vote : votes) {
    if (vote.time > last_merge) {
      since.push_back(&vote);
    } else if (std::ranges::find(records, vote.record) == records.end()) {
      records.push_back(vote.record);
    }
  }
  Tally tally;
  if (records.empty()) WeighPool(since, tally);
  for (const RecordNo record : records) {
    std::vector<const Vote*> pool = since;
    for (const Vote& vote : votes) {
      if (vote.time <= last_merge && vote.record == record) pool.push_back(&vote);
    }
    WeighPool(pool, tally);
  }
  return Conclude(tally);
}

Verdict Scale::Default() const { return Conclude(Tally{}); }

Verdict Scale::Conclude(const Tally& tally) const {
  const auto decided = [](bool permitted, Reason reason, const Vote* vote) {
    return Verdict{.permitted = permitted, .reason = reason, .deciding = vote->choice};
  };
  if (heeds_no_ && tally.no != nullptr) return decided(false, Reason::kRefused, tally.no);
  switch (basis_) {
    case LegalBasis::kContract:
    case LegalBasis::kLegalObligation:
    case LegalBasis::kVitalInterests:
      return {.permitted = true, .reason = Reason::kBasisCarriesIt};
    case LegalBasis::kPublicTask:
    case LegalBasis::kLegitimateInterests:
      return {.permitted = true, .reason = Reason::kNoObjection};
    case LegalBasis::kConsent:
      break;
  }
  if (tally.yes != nullptr) return decided(true, Reason::kConsented, tally.yes);
  if (tally.soft_yes != nullptr) return decided(true, Reason::kSoftOptIn, tally.soft_yes);
  if (tally.unevidenced != nullptr) {
    return decided(false, Reason::kUnevidenced, tally.unevidenced);
  }
  return {.permitted = false, .reason = Reason::kNotAsked};
}

}  // namespace candour::consent
