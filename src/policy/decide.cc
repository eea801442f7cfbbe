#include "policy/decide.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace candour::policy {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using catalogue::Mask;

template <class T>
const T* FindById(std::span<const T> items, std::string_view id) {
  const auto it = std::ranges::find(items, id, &T::id);
  return it == items.end() ? nullptr : &*it;
}

bool Holds(const std::vector<std::string>& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

/// Works through the rules in order and stops at the first that denies.
class Decider {
 public:
  Decider(const Rules& rules, const Request& request, UtcTime now)
      : rules_(rules), request_(request), now_(now) {}

  Decision Run() {
    const bool passed = CheckUse() && CheckPrincipal() && CheckApproval() && CheckPeriod() &&
                        CheckPurpose() && CheckDatasets();
    if (!passed) decision_.datasets.clear();
    return std::move(decision_);
  }

 private:
  bool Pass(std::string rule, std::string text) {
    decision_.reasons.push_back({true, std::move(rule), std::move(text)});
    return true;
  }

  bool Deny(std::string rule, Error error) {
    decision_.reasons.push_back({false, rule, error.message});
    error.rule = fmt::format("use {}: {}", request_.use, rule);
    decision_.denial = std::move(error);
    return false;
  }

  bool CheckUse() {
    decision_.use = FindById(rules_.uses, request_.use);
    if (decision_.use != nullptr) return Pass("use", decision_.use->title);
    return Deny("use", {.code = ErrorCode::kDeniedUnknownUse,
                        .message = fmt::format("no use named '{}' is in force", request_.use),
                        .fix_by = "the data-governance lead, by applying a declaration",
                        .next = "candour list"});
  }

  bool CheckPrincipal() {
    const Use& use = *decision_.use;
    if (Holds(use.principals, request_.principal)) {
      return Pass("principals", fmt::format("{} is named by the use", request_.principal));
    }
    return Deny(
        "principals",
        {.code = ErrorCode::kDeniedPrincipal,
         .message = fmt::format("'{}' is not among the principals of this use", request_.principal),
         .expected = fmt::format("one of: {}", fmt::join(use.principals, ", ")),
         .fix_by = "the data-governance lead",
         .next = fmt::format("candour list --as {}", request_.principal)});
  }

  bool CheckApproval() {
    const Approval& approval = decision_.use->approval;
    if (approval.state == Approval::State::kApproved) {
      const std::string reference =
          approval.reference.empty() ? "" : ", reference " + approval.reference;
      return Pass("approval", fmt::format("approved by {}{}", approval.by, reference));
    }
    const bool refused = approval.state == Approval::State::kRefused;
    std::string message = refused ? "the use was refused" : "the use is proposed, not approved";
    if (!approval.reason.empty()) message += ": " + approval.reason;
    return Deny("approval",
                {.code = ErrorCode::kDeniedNotApproved,
                 .message = std::move(message),
                 .fix_by = approval.by.empty() ? "the data-governance lead" : approval.by,
                 .next = fmt::format("candour describe {}", request_.use)});
  }

  bool CheckPeriod() {
    const Use& use = *decision_.use;
    if (use.from && now_ < *use.from) {
      return Deny("period", {.code = ErrorCode::kDeniedPeriod,
                             .message = "the use begins on " + FormatDate(*use.from),
                             .fix_by = use.approval.by});
    }
    if (use.until && now_ >= *use.until) {
      return Deny("period", {.code = ErrorCode::kDeniedPeriod,
                             .message = "the use ended on " + FormatDate(*use.until),
                             .fix_by = use.approval.by,
                             .next = "ask for the use to be renewed"});
    }
    return Pass("period", use.until ? "in force until " + FormatDate(*use.until) : "in force");
  }

  bool CheckPurpose() {
    const Use& use = *decision_.use;
    const consent::Purpose* purpose = FindById(rules_.purposes, use.purpose);
    if (purpose == nullptr) {
      return Deny("purpose",
                  {.code = ErrorCode::kDeniedPurpose,
                   .message = fmt::format("the purpose '{}' is not in force", use.purpose),
                   .fix_by = "the data-governance lead"});
    }
    decision_.purpose = purpose;
    std::set<std::string> seen;
    for (const consent::Purpose* p = purpose; p != nullptr && seen.insert(p->id).second;
         p = FindById(rules_.purposes, p->parent)) {
      decision_.purpose_chain.push_back(p->id);
    }
    return Pass("purpose", fmt::format("{}, legal basis {}", purpose->name,
                                       consent::ToString(purpose->basis)));
  }

  bool CheckDatasets() {
    for (const Grant& grant : decision_.use->grants) {
      const auto it = std::ranges::find(rules_.datasets, grant.dataset, &Dataset::name);
      if (it == rules_.datasets.end()) {
        return Deny("datasets",
                    {.code = ErrorCode::kDeniedDataset,
                     .message = fmt::format("the dataset {} is not in force", grant.dataset),
                     .fix_by = "the data-governance lead"});
      }
      if (!CheckController(*it) || !PlanDataset(*it, grant)) return false;
    }
    return Pass("datasets", fmt::format("{} granted", decision_.datasets.size()));
  }

  /// Data with people in it crosses to another controller only under an agreement.
  bool CheckController(const Dataset& dataset) {
    const Use& use = *decision_.use;
    const catalogue::Unit* unit = FindById(rules_.units, dataset.unit);
    const std::string from = unit == nullptr ? "" : unit->controller;
    if (!dataset.HasPeople() || from == use.recipient.controller) return true;
    const auto deny = [&](std::string why) {
      return Deny("agreement",
                  {.code = ErrorCode::kDeniedAgreement,
                   .message = fmt::format("{} would cross from {} to {}: {}", dataset.name, from,
                                          use.recipient.controller, why),
                   .expected = "an agreement in force that covers purpose, dataset and output",
                   .fix_by = "the data-governance lead and both controllers"});
    };
    const Agreement* agreement = FindById(rules_.agreements, use.agreement);
    if (agreement == nullptr) return deny("the use names no agreement in force");
    if ((agreement->from && now_ < *agreement->from) ||
        (agreement->until && now_ >= *agreement->until)) {
      return deny(fmt::format("agreement {} is not in force today", agreement->id));
    }
    if (!Holds(agreement->parties, from) || !Holds(agreement->parties, use.recipient.controller)) {
      return deny(fmt::format("agreement {} is not between these two", agreement->id));
    }
    if (!Holds(agreement->purposes, use.purpose)) {
      return deny(fmt::format("agreement {} does not cover the purpose", agreement->id));
    }
    if (!Holds(agreement->datasets, dataset.name)) {
      return deny(fmt::format("agreement {} does not cover the dataset", agreement->id));
    }
    if (std::ranges::find(agreement->outputs, use.output) == agreement->outputs.end()) {
      return deny(
          fmt::format("agreement {} does not let {} cross", agreement->id, ToString(use.output)));
    }
    agreement_ = agreement;
    return Pass("agreement", fmt::format("{} covers {}", agreement->id, dataset.name));
  }

  bool PlanDataset(const Dataset& dataset, const Grant& grant) {
    DatasetPlan plan{.dataset = &dataset};
    std::set<std::string> categories;
    for (const std::string& name : grant.fields) {
      const Field* field = dataset.FindField(name);
      if (field == nullptr) {
        return Deny("fields", {.code = ErrorCode::kDeniedField,
                               .message = fmt::format("{} has no field {}", dataset.name, name),
                               .fix_by = "the data-governance lead"});
      }
      if (!CheckField(dataset, *field)) return false;
      plan.columns.push_back({field, MaskFor(dataset, *field, grant)});
      if (!field->category.empty()) categories.insert(field->category);
    }
    for (const std::string& category : grant.row_categories) {
      if (!CheckRowCategory(dataset, category)) return false;
      plan.row_categories.push_back(category);
      categories.insert(category);
    }
    if (dataset.HasPeople()) plan.questions = QuestionsFor(categories);
    decision_.datasets.push_back(std::move(plan));
    return true;
  }

  bool CheckField(const Dataset& dataset, const Field& field) {
    const Use& use = *decision_.use;
    const std::string full = dataset.name + "." + field.name;
    if (agreement_ != nullptr && Holds(agreement_->excluded_categories, field.category)) {
      return Deny("agreement", {.code = ErrorCode::kDeniedAgreement,
                                .message = fmt::format("agreement {} keeps the category of {} out",
                                                       agreement_->id, full),
                                .fix_by = "both parties of the agreement"});
    }
    if (NeedsFurtherCondition(field.sensitivity) && decision_.purpose->special_condition.empty()) {
      return Deny("special categories",
                  {.code = ErrorCode::kDeniedSpecialCategory,
                   .message = fmt::format("{} is {} data and the purpose has no further condition",
                                          full, ToString(field.sensitivity)),
                   .fix_by = "the data protection officer, by naming the condition that applies"});
    }
    if (use.output == Output::kAggregates && field.identifier && dataset.HasPeople()) {
      return Deny("aggregates", {.code = ErrorCode::kDeniedAggregate,
                                 .message = fmt::format("{} points at single people and an "
                                                        "aggregates use cannot read it",
                                                        full),
                                 .fix_by = "the data-governance lead, by dropping the field"});
    }
    return true;
  }

  bool CheckRowCategory(const Dataset& dataset, const std::string& category) {
    if (agreement_ != nullptr && Holds(agreement_->excluded_categories, category)) {
      return Deny("agreement",
                  {.code = ErrorCode::kDeniedAgreement,
                   .message = fmt::format("agreement {} keeps rows of category {} of {} out",
                                          agreement_->id, category, dataset.name),
                   .fix_by = "both parties of the agreement"});
    }
    if (decision_.purpose->special_condition.empty()) {
      return Deny("special categories",
                  {.code = ErrorCode::kDeniedSpecialCategory,
                   .message = fmt::format("rows of category {} of {} need a further condition",
                                          category, dataset.name),
                   .fix_by = "the data protection officer, by naming the condition that applies"});
    }
    return true;
  }

  Mask MaskFor(const Dataset& dataset, const Field& field, const Grant& grant) const {
    if (!dataset.HasPeople()) return Mask::kNone;
    const bool named = Holds(grant.masked, field.name);
    const bool pseudonymised = decision_.use->output == Output::kPseudonymised;
    // The person key itself would undo every pseudonym.
    const bool key = dataset.person_key->field == field.name || !field.identifies.empty();
    if (pseudonymised && (field.identifier || key)) return Mask::kRedact;
    if (named) return field.mask == Mask::kNone ? Mask::kRedact : field.mask;
    return pseudonymised ? field.mask : Mask::kNone;
  }

  std::vector<consent::Question> QuestionsFor(const std::set<std::string>& categories) const {
    const Use& use = *decision_.use;
    std::vector<consent::Question> questions;
    consent::Question question{.purpose = use.purpose,
                               .unit = use.unit,
                               .channel = use.channel,
                               .category = "any",
                               .recipient = use.recipient.controller};
    for (const std::string& category : categories) {
      question.category = category;
      questions.push_back(question);
    }
    if (questions.empty()) questions.push_back(question);
    return questions;
  }

  const Rules& rules_;
  const Request& request_;
  UtcTime now_;
  Decision decision_;
  const Agreement* agreement_ = nullptr;
};

}  // namespace

const DatasetPlan* Decision::FindDataset(std::string_view name) const {
  const auto it = std::ranges::find_if(
      datasets, [name](const DatasetPlan& plan) { return plan.dataset->name == name; });
  return it == datasets.end() ? nullptr : &*it;
}

Decision Decide(const Rules& rules, const Request& request, UtcTime now) {
  return Decider(rules, request, now).Run();
}

}  // namespace candour::policy
