#include "accounts/permission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace candour::accounts {
namespace {

using testing::HasSubstr;

constexpr Role kEveryRole[] = {Role::kSteward,    Role::kAnalyst, Role::kMarketer,
                               Role::kGovernance, Role::kPartner, Role::kFrontline,
                               Role::kDpo,        Role::kMember,  Role::kReviewer};

TEST(PermissionTest, OnlyThoseWhoAnswerMembersLookPeopleUp) {
  for (const Role role : kEveryRole) {
    const bool answers = role == Role::kFrontline || role == Role::kDpo;
    EXPECT_EQ(MayDo(role, Action::kLookUpPerson), answers) << ToString(role);
    EXPECT_EQ(MayDo(role, Action::kLookUpSelf), role == Role::kMember) << ToString(role);
  }
}

TEST(PermissionTest, ExactCountsAndTheLedgerAreForAuditors) {
  for (const Role role : kEveryRole) {
    const bool audits = role == Role::kGovernance || role == Role::kDpo;
    EXPECT_EQ(MayDo(role, Action::kExplainCounts), audits) << ToString(role);
    EXPECT_EQ(MayDo(role, Action::kReadLedger), audits) << ToString(role);
  }
}

TEST(PermissionTest, AuditorsAndMembersDoNotQuery) {
  EXPECT_FALSE(MayDo(Role::kGovernance, Action::kQuery));
  EXPECT_FALSE(MayDo(Role::kDpo, Action::kQuery));
  EXPECT_FALSE(MayDo(Role::kMember, Action::kQuery));
  EXPECT_TRUE(MayDo(Role::kPartner, Action::kQuery));
}

TEST(PermissionTest, AMemberChoosesForThemselvesOnly) {
  EXPECT_TRUE(MayDo(Role::kMember, Action::kChooseForSelf));
  EXPECT_FALSE(MayDo(Role::kMember, Action::kChooseForPerson));
  EXPECT_FALSE(MayDo(Role::kMarketer, Action::kChooseForPerson));
}

TEST(PermissionTest, WhoMayBreakTheGlassMayNotReviewIt) {
  EXPECT_TRUE(MayDo(Role::kFrontline, Action::kBreakGlass));
  EXPECT_FALSE(MayDo(Role::kMarketer, Action::kBreakGlass));
  EXPECT_FALSE(MayDo(Role::kAnalyst, Action::kBreakGlass));
  for (const Role role : kEveryRole) {
    EXPECT_FALSE(MayDo(role, Action::kBreakGlass) && MayDo(role, Action::kReviewBreakGlass));
  }
  EXPECT_TRUE(MayDo(Role::kDpo, Action::kReviewBreakGlass));
}

TEST(PermissionTest, TheReviewerIsIndependent) {
  for (const Role role : kEveryRole) {
    EXPECT_EQ(MayDo(role, Action::kReviewSilence), role == Role::kReviewer) << ToString(role);
  }
  for (const Action action : Actions()) {
    const bool may = action == Action::kReviewSilence || action == Action::kReadRegister;
    EXPECT_EQ(MayDo(Role::kReviewer, action), may) << ToString(action);
  }
}

TEST(PermissionTest, APartnerOnlyQueriesExplainsAndReadsTheRegister) {
  std::set<Action> allowed;
  for (const Action action : Actions()) {
    if (MayDo(Role::kPartner, action)) allowed.insert(action);
  }
  EXPECT_EQ(allowed, (std::set<Action>{Action::kQuery, Action::kExplain, Action::kReadRegister}));
}

TEST(PermissionTest, EverybodyReadsTheRegister) {
  EXPECT_TRUE(std::ranges::all_of(kEveryRole,
                                  [](Role role) { return MayDo(role, Action::kReadRegister); }));
}

TEST(PermissionTest, WhatIsNotInTheTableIsANo) {
  EXPECT_FALSE(MayDo(Role::kSteward, static_cast<Action>(999)));
}

TEST(PermissionTest, ADenialNamesTheRolesThatMay) {
  const Principal marketer{.id = "marketer", .role = Role::kMarketer};
  const Status status = CheckMayDo(marketer, Action::kLookUpPerson);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kDeniedRole);
  EXPECT_EQ(status.error().message, "the role marketer may not look up any person");
  EXPECT_EQ(status.error().expected, "one of the roles: frontline, dpo");
  EXPECT_TRUE(CheckMayDo(marketer, Action::kQuery));
}

TEST(PermissionTest, TheTablePrintsEveryActionAndRole) {
  const std::string table = PermissionTable();
  for (const Action action : Actions()) {
    EXPECT_FALSE(ToString(action).empty());
    EXPECT_THAT(table, HasSubstr(std::string(ToString(action))));
  }
  for (const Role role : kEveryRole) {
    EXPECT_THAT(table.substr(0, table.find('\n')), HasSubstr(std::string(ToString(role))));
  }
  EXPECT_EQ(std::ranges::count(table, '\n'), static_cast<long>(Actions().size()) + 1);
  EXPECT_THAT(table, testing::Not(HasSubstr(" \n")));
}

}  // namespace
}  // namespace candour::accounts
