#include "rights/public_register.h"

#include <algorithm>
#include <set>

#include "rights/declared.h"

namespace candour::rights {
namespace {

using policy::Approval;
using policy::Use;

UseState StateOf(const Use& use, const policy::Decision& decision, UtcTime now) {
  if (use.approval.state == Approval::State::kRefused) return UseState::kRefused;
  if (use.approval.state == Approval::State::kProposed) return UseState::kProposed;
  if (use.from && now < *use.from) return UseState::kNotYet;
  if (use.until && now >= *use.until) return UseState::kEnded;
  return decision.permitted() ? UseState::kInForce : UseState::kShut;
}

RegisterDataset DescribeGrant(const policy::Rules& rules, const policy::Grant& grant) {
  RegisterDataset described{.name = grant.dataset,
                            .title = TitleOfDataset(rules, grant.dataset),
                            .row_categories = grant.row_categories};
  const catalogue::Dataset* dataset = FindDataset(rules, grant.dataset);
  if (dataset == nullptr) return described;
  described.unit = NameOfUnit(rules, dataset->unit);
  described.origin = dataset->origin;
  described.people = dataset->HasPeople();
  std::set<std::string> categories;
  for (const std::string& name : grant.fields) {
    const catalogue::Field* field = dataset->FindField(name);
    if (field != nullptr && !field->category.empty()) categories.insert(field->category);
  }
  described.categories.assign(categories.begin(), categories.end());
  return described;
}

void DescribePurpose(const policy::Rules& rules, RegisterEntry& entry) {
  entry.purpose_name = NameOfPurpose(rules, entry.purpose);
  const consent::Purpose* purpose = FindPurpose(rules, entry.purpose);
  if (purpose == nullptr) return;
  entry.purpose_known = true;
  entry.purpose_text = purpose->text;
  entry.basis = purpose->basis;
}

std::string TitleOfAgreement(const policy::Rules& rules, const std::string& id) {
  const auto found = std::ranges::find(rules.agreements, id, &policy::Agreement::id);
  return found == rules.agreements.end() || found->title.empty() ? id : found->title;
}

RegisterEntry Describe(const policy::Rules& rules, const Use& use, UtcTime now) {
  RegisterEntry entry{.use = use.id,
                      .title = use.title,
                      .text = use.text,
                      .purpose = use.purpose,
                      .unit = NameOfUnit(rules, use.unit),
                      .recipient = use.recipient.name,
                      .controller = use.recipient.controller,
                      .agreement = TitleOfAgreement(rules, use.agreement),
                      .output = use.output,
                      .threshold = use.output == policy::Output::kAggregates ? use.threshold : 0,
                      .from = use.from,
                      .until = use.until,
                      .decided_by = use.approval.by,
                      .reference = use.approval.reference,
                      .reason = use.approval.reason};
  DescribePurpose(rules, entry);
  for (const policy::Grant& grant : use.grants) {
    entry.datasets.push_back(DescribeGrant(rules, grant));
  }
  const policy::Decision decision = DecideForItsOwn(rules, use, now);
  entry.state = StateOf(use, decision, now);
  // A rule that shuts the door may name fields in its message; its own name says enough here.
  if (entry.state == UseState::kShut) entry.state_text = decision.reasons.back().rule;
  return entry;
}

}  // namespace

std::string_view ToString(UseState state) {
  switch (state) {
    case UseState::kInForce:
      return "in-force";
    case UseState::kProposed:
      return "proposed";
    case UseState::kRefused:
      return "refused";
    case UseState::kNotYet:
      return "not-yet";
    case UseState::kEnded:
      return "ended";
    case UseState::kShut:
      return "shut";
  }
  return "";
}

std::vector<RegisterEntry> PublicRegister(const policy::Rules& rules, UtcTime now) {
  std::vector<RegisterEntry> entries;
  for (const Use& use : rules.uses) entries.push_back(Describe(rules, use, now));
  std::ranges::stable_partition(
      entries, [](const RegisterEntry& entry) { return entry.state == UseState::kInForce; });
  return entries;
}

}  // namespace candour::rights
