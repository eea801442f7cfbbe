#include "home/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "home/init.h"
#include "home/read.h"
#include "home/store.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Declarations Read(std::vector<DeclarationFile> files) {
  Reading reading = ReadDeclarations(std::move(files));
  EXPECT_TRUE(reading.ok()) << reading.errors[0].ToString();
  return std::move(reading.declarations);
}

std::vector<DeclarationFile> Edited(std::string_view path, std::string_view what,
                                    std::string_view by) {
  std::vector<DeclarationFile> files = ExampleDeclarations();
  auto file = std::ranges::find(files, path, &DeclarationFile::path);
  file->text.replace(file->text.find(what), what.size(), by);
  return files;
}

TEST(PlanTest, AFirstPlanAddsEverything) {
  const auto plan = MakePlan({}, Read(ExampleDeclarations()));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->changes.size(), ExampleDeclarations().size());
  EXPECT_THAT(ToText(*plan), HasSubstr("13 to add, 0 to change, 0 to remove"));
  EXPECT_THAT(ToText(*plan), HasSubstr("+ Dataset shop.orders"));
}

TEST(PlanTest, TheSameDeclarationsChangeNothing) {
  const Declarations declared = Read(ExampleDeclarations());
  const auto plan = MakePlan(declared, declared);
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->ChangesNothing());
  EXPECT_THAT(ToText(*plan), HasSubstr("Nothing changes"));
}

TEST(PlanTest, CommentsAndLayoutAreNoChangeOfMeaning) {
  const Declarations before = Read(ExampleDeclarations());
  const auto plan =
      MakePlan(before, Read(Edited("units/shop.yaml", "id: shop\n", "# why\nid:   shop\n")));
  ASSERT_TRUE(plan);
  EXPECT_TRUE(plan->changes.empty());
  EXPECT_EQ(plan->reworded_files, 1);
  EXPECT_FALSE(plan->ChangesNothing());
}

std::vector<std::string> DetailsOf(std::string_view path, std::string_view what,
                                   std::string_view by) {
  const auto plan = MakePlan(Read(ExampleDeclarations()), Read(Edited(path, what, by)));
  EXPECT_TRUE(plan);
  EXPECT_EQ(plan->changes.size(), 1U);
  return plan->changes.empty() ? std::vector<std::string>{} : plan->changes[0].details;
}

TEST(PlanTest, SaysInWordsWhatDiffers) {
  EXPECT_THAT(DetailsOf("uses/order-insight.yaml", "threshold: 10", "threshold: 20"),
              ElementsAre("threshold: 10 → 20"));
  EXPECT_THAT(DetailsOf("uses/order-insight.yaml", "[analyst]", "[analyst, steward]"),
              ElementsAre("principals: adds steward"));
  EXPECT_THAT(DetailsOf("uses/order-insight.yaml",
                        "  - dataset: shop.customers\n    fields: [region]\n", ""),
              ElementsAre("grants shop.customers: dropped"));
  EXPECT_THAT(
      DetailsOf("uses/order-insight.yaml", "[ordered_on, product, amount]", "[product, amount]"),
      ElementsAre("grants shop.orders.fields: drops ordered_on"));
  EXPECT_THAT(DetailsOf("datasets/shop/customers.odcs.yaml", "\"pd:Region\"", "\"pd:City\""),
              ElementsAre("customers.region.candour.category: pd:Region → pd:City"));
  EXPECT_THAT(DetailsOf("purposes/insight.yaml", "We count what is bought",
                        "We count everything that is bought"),
              ElementsAre("text: reworded"));
  EXPECT_THAT(DetailsOf("uses/order-insight.yaml", "threshold: 10\n", ""),
              ElementsAre("threshold: dropped"));
}

TEST(PlanTest, CountsWhatEachUseOpensAndCloses) {
  const Declarations before = Read(ExampleDeclarations());
  const Declarations after =
      Read(Edited("uses/shop-offers.yaml", "state: proposed", "state: approved\n  by: lead"));
  const Reach reach = [](const Declarations&, const policy::Use& use) -> Result<ReachCount> {
    if (use.approval.state != policy::Approval::State::kApproved) return ReachCount{};
    return ReachCount{.people = 1234567, .rows = 12};
  };
  const auto plan = MakePlan(before, after, reach, reach);
  ASSERT_TRUE(plan);
  ASSERT_EQ(plan->reach.size(), 1U);
  EXPECT_EQ(plan->reach[0].use, "shop-offers");
  EXPECT_THAT(ToText(*plan), HasSubstr("shop-offers: opens 1,234,567 people (0 → 1,234,567), "
                                       "opens 12 rows (0 → 12)"));
  const nlohmann::json json = ToJson(*plan);
  EXPECT_EQ(json["reach"][0]["after"]["people"].get<int>(), 1234567);
  EXPECT_EQ(json["changes"][0]["change"].get<std::string>(), "changed");

  const auto back = MakePlan(after, before, reach, reach);
  ASSERT_TRUE(back);
  EXPECT_THAT(ToText(*back), HasSubstr("closes 1,234,567 people"));
}

TEST(PlanTest, AReachThatFailsFailsThePlan) {
  const Reach reach = [](const Declarations&, const policy::Use&) -> Result<ReachCount> {
    return Fail(ErrorCode::kUnavailable, "no");
  };
  EXPECT_FALSE(MakePlan({}, Read(ExampleDeclarations()), reach, reach));
}

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "candour-store-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { fs::remove_all(dir_); }
  fs::path dir_;
};

TEST_F(StoreTest, WhatIsAppliedIsInForceAfterAReopening) {
  {
    auto store = Store::Open(dir_);
    ASSERT_TRUE(store) << store.error().ToString();
    EXPECT_TRUE(store->LoadInForce()->files.empty());
    EXPECT_FALSE(*store->Current());
    const auto first = store->Apply(Read(ExampleDeclarations()), "ann", UtcTime{1});
    ASSERT_TRUE(first) << first.error().ToString();
    EXPECT_EQ(first->number, 1);
  }
  auto store = Store::Open(dir_);
  ASSERT_TRUE(store);
  const auto in_force = store->LoadInForce();
  ASSERT_TRUE(in_force);
  EXPECT_TRUE(MakePlan(*in_force, Read(ExampleDeclarations()))->ChangesNothing());

  const auto edited = Read(Edited("uses/order-insight.yaml", "threshold: 10", "threshold: 20"));
  ASSERT_TRUE(store->Apply(edited, "ben", UtcTime{2}));
  EXPECT_EQ(store->LoadInForce()->FindUse("order-insight")->threshold, 20);
  const auto history = store->History();
  ASSERT_TRUE(history);
  ASSERT_EQ(history->size(), 2U);
  EXPECT_EQ((*history)[0].os_user, "ben");
  EXPECT_EQ((*history)[1].time, UtcTime{1});
}

TEST_F(StoreTest, WhatWasInForceBeforeCanBeRead) {
  auto store = Store::Open(dir_).value();
  Declarations declarations = Read(ExampleDeclarations());
  const auto first = ParseTime("2026-03-01").value();
  const auto second = ParseTime("2026-04-01").value();
  ASSERT_TRUE(store.Apply(declarations, "operator", first));
  std::erase_if(declarations.files,
                [](const DeclarationFile& file) { return file.path.starts_with("uses/"); });
  ASSERT_TRUE(store.Apply(declarations, "operator", second));
  EXPECT_TRUE(store.LoadAt(UtcTime{first.us - 1})->files.empty());
  EXPECT_NE(store.LoadAt(first)->FindUse("order-insight"), nullptr);
  EXPECT_NE(store.LoadAt(UtcTime{second.us - 1})->FindUse("order-insight"), nullptr);
  EXPECT_EQ(store.LoadAt(second)->FindUse("order-insight"), nullptr);
}

TEST_F(StoreTest, ApplyingBadDeclarationsLeavesWhatIsInForce) {
  auto store = Store::Open(dir_);
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->Apply(Read(ExampleDeclarations()), "ann", UtcTime{1}));
  Declarations bad;
  bad.files = Edited("uses/order-insight.yaml", "purpose: insight", "purpose: sale");
  const auto refused = store->Apply(bad, "ann", UtcTime{2});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kDeclarationUnknownName);
  EXPECT_EQ((*store->Current())->number, 1);
  EXPECT_TRUE(MakePlan(*store->LoadInForce(), Read(ExampleDeclarations()))->ChangesNothing());
}

TEST_F(StoreTest, AStateFolderOpenToOthersIsRefused) {
  fs::permissions(dir_, fs::perms::owner_all | fs::perms::group_read);
  const auto store = Store::Open(dir_);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::kHomePermissions);
  EXPECT_EQ(Store::Open(dir_ / "none").error().code, ErrorCode::kHomeMissing);
}

}  // namespace
}  // namespace candour::home
