#include "accounts/principal_reader.h"

#include <gtest/gtest.h>

namespace candour::accounts {
namespace {

constexpr std::string_view kText = R"(apiVersion: candour/v1
kind: Principal
id: analyst
name: Insight analyst
role: analyst
unit: food
organisation: The Society
)";

TEST(PrincipalReaderTest, ReadsARoleAtWork) {
  Diagnostics errors;
  const Principal principal = ReadPrincipal(*ParseYaml(kText, "p"), "p", errors);
  EXPECT_TRUE(errors.empty());
  EXPECT_EQ(principal.id, "analyst");
  EXPECT_EQ(principal.role, Role::kAnalyst);
  EXPECT_EQ(principal.unit, "food");
  EXPECT_EQ(principal.organisation, "The Society");
}

TEST(PrincipalReaderTest, RefusesAnUnknownRoleWithTheNearestOne) {
  std::string text(kText);
  text.replace(text.find("role: analyst"), 13, "role: analist");
  Diagnostics errors;
  ReadPrincipal(*ParseYaml(text, "p"), "p", errors);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].where->ToString(), "p:5:7");
  EXPECT_EQ(errors[0].next, "did you mean analyst?");
}

TEST(RoleTest, EveryRoleHasItsName) {
  for (const char* name :
       {"steward", "analyst", "marketer", "governance", "partner", "frontline", "dpo", "member"}) {
    ASSERT_TRUE(ParseRole(name)) << name;
    EXPECT_EQ(ToString(*ParseRole(name)), name);
  }
  EXPECT_FALSE(ParseRole("admin"));
}

}  // namespace
}  // namespace candour::accounts
