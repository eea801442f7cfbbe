#include "accounts/permission.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace candour::accounts {
namespace {

constexpr std::array<Role, 9> kRoles = {Role::kSteward,    Role::kAnalyst, Role::kMarketer,
                                        Role::kGovernance, Role::kPartner, Role::kFrontline,
                                        Role::kDpo,        Role::kMember,  Role::kReviewer};

constexpr unsigned Bit(Role role) { return 1U << static_cast<unsigned>(role); }

template <class... Roles>
constexpr unsigned AnyOf(Roles... roles) {
  return (Bit(roles) | ...);
}

constexpr unsigned kStaff = AnyOf(Role::kSteward, Role::kAnalyst, Role::kMarketer,
                                  Role::kGovernance, Role::kFrontline, Role::kDpo);

/// One line of the table. Those who approve uses and those who watch over them do not query: what
/// they need to see, they see in explanations and in the ledger.
struct Line {
  Action action;
  std::string_view text;
  unsigned roles;
};

constexpr std::array<Line, 17> kTable = {{
    {Action::kQuery, "query under a use",
     AnyOf(Role::kSteward, Role::kAnalyst, Role::kMarketer, Role::kPartner, Role::kFrontline)},
    {Action::kExplain, "explain a decision", kStaff | Bit(Role::kPartner)},
    {Action::kExplainCounts, "see exact counts of people", AnyOf(Role::kGovernance, Role::kDpo)},
    {Action::kAdopt, "adopt data", Bit(Role::kSteward)},
    {Action::kApply, "apply declarations", AnyOf(Role::kSteward, Role::kGovernance)},
    {Action::kLinkPeople, "merge and split people", Bit(Role::kSteward)},
    {Action::kLookUpPerson, "look up any person", AnyOf(Role::kFrontline, Role::kDpo)},
    {Action::kLookUpSelf, "look up themselves", Bit(Role::kMember)},
    {Action::kChooseForPerson, "record a person's choice", AnyOf(Role::kFrontline, Role::kDpo)},
    {Action::kChooseForSelf, "choose for themselves", Bit(Role::kMember)},
    {Action::kReadRegister, "read the register of uses",
     kStaff | AnyOf(Role::kPartner, Role::kMember, Role::kReviewer)},
    {Action::kRestore, "restore with a loss", AnyOf(Role::kSteward, Role::kGovernance)},
    {Action::kReadLedger, "read the ledger", AnyOf(Role::kGovernance, Role::kDpo)},
    // Those who stand before somebody in need: frontline looks a person up, a steward runs a
    // recall.
    {Action::kBreakGlass, "break the glass in an emergency",
     AnyOf(Role::kSteward, Role::kFrontline)},
    {Action::kReviewBreakGlass, "review an emergency", AnyOf(Role::kGovernance, Role::kDpo)},
    {Action::kReviewSilence, "review silent accesses", Bit(Role::kReviewer)},
    {Action::kErasePerson, "erase a person", Bit(Role::kDpo)},
}};

constexpr auto kActions = [] {
  std::array<Action, kTable.size()> actions{};
  std::ranges::transform(kTable, actions.begin(), &Line::action);
  return actions;
}();

const Line* Find(Action action) {
  const auto line = std::ranges::find(kTable, action, &Line::action);
  return line == kTable.end() ? nullptr : &*line;
}

}  // namespace

std::span<const Action> Actions() { return kActions; }

std::string_view ToString(Action action) {
  const Line* line = Find(action);
  return line == nullptr ? "" : line->text;
}

bool MayDo(Role role, Action action) {
  const Line* line = Find(action);
  return line != nullptr && (line->roles & Bit(role)) != 0;
}

Status CheckMayDo(const Principal& principal, Action action) {
  if (MayDo(principal.role, action)) return {};
  std::vector<std::string_view> may;
  for (const Role role : kRoles) {
    if (MayDo(role, action)) may.push_back(ToString(role));
  }
  return Fail(Error{
      .code = ErrorCode::kDeniedRole,
      .message = fmt::format("the role {} may not {}", ToString(principal.role), ToString(action)),
      .rule = "roles",
      .expected = fmt::format("one of the roles: {}", fmt::join(may, ", ")),
      .fix_by = "the data-governance lead, by giving the principal another role",
      .next = "candour explain roles"});
}

std::string PermissionTable() {
  std::size_t width = 0;
  for (const Line& line : kTable) width = std::max(width, line.text.size());
  std::string text = fmt::format("{:<{}}", "may", width);
  for (const Role role : kRoles) text += fmt::format("  {}", ToString(role));
  text += '\n';
  for (const Line& line : kTable) {
    std::string row = fmt::format("{:<{}}", line.text, width);
    for (const Role role : kRoles) {
      row += fmt::format("  {:<{}}", MayDo(role, line.action) ? "yes" : "-", ToString(role).size());
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + '\n';
  }
  return text;
}

}  // namespace candour::accounts
