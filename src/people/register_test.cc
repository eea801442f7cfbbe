#include "people/register.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <random>
#include <regex>
#include <set>

namespace candour::people {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class RegisterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "candour-register-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Reopen();
  }
  void TearDown() override {
    register_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Reopen() {
    register_.reset();
    auto opened = Register::Open(folder_ / "register.db");
    ASSERT_TRUE(opened) << opened.error().ToString();
    register_.emplace(*std::move(opened));
  }
  RecordNo Assign(const std::string& key, const std::string& space = "food.card") {
    return register_->Assign({.key_space = space, .key = key}).value();
  }
  PersonId PersonOf(RecordNo record) const {
    const auto map = register_->Map().value();
    return map->id_of[map->PersonOf(record)];
  }
  UtcTime LastMergeOf(RecordNo record) const {
    return register_->LastMerge(PersonOf(record)).value();
  }

  std::filesystem::path folder_;
  std::optional<Register> register_;
};

TEST_F(RegisterTest, GivesEachIdentityOneNumberForEver) {
  const RecordNo first = Assign("1");
  const RecordNo second = Assign("1", "insurance.policy");
  EXPECT_NE(first, 0u);
  EXPECT_NE(first, second);
  Reopen();
  EXPECT_EQ(Assign("1"), first);
  EXPECT_EQ(register_->Find({.key_space = "food.card", .key = "1"}).value(), first);
  EXPECT_EQ(register_->Find({.key_space = "food.card", .key = "2"}).value(), 0u);
  EXPECT_EQ(register_->Find({.key_space = "nowhere", .key = "1"}).value(), 0u);
}

TEST_F(RegisterTest, RefusesIdentitiesThatSayNothing) {
  EXPECT_EQ(register_->Assign({.key_space = "food.card", .key = ""}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(register_->Assign({.key_space = "", .key = "1"}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(RegisterTest, PersonIdsAreRandomAndWellFormed) {
  const std::regex form("p-[0-9abcdefghjkmnpqrstvwxyz]{13}");
  std::set<std::string> ids;
  for (int i = 0; i < 200; ++i) {
    const PersonId id = PersonOf(Assign(std::to_string(i)));
    EXPECT_TRUE(std::regex_match(id.text, form)) << id.text;
    ids.insert(id.text);
  }
  EXPECT_THAT(ids, SizeIs(200));
}

TEST_F(RegisterTest, MergeKeepsThePersonWithTheLowestRecord) {
  const RecordNo a = Assign("a"), b = Assign("b"), c = Assign("c");
  const PersonId person_a = PersonOf(a), person_c = PersonOf(c);
  EXPECT_EQ(register_->Merge(c, b, "declared key", UtcTime{10}).value(), PersonOf(b));
  EXPECT_EQ(register_->Merge(c, a, "declared key", UtcTime{20}).value(), person_a);
  const auto records = register_->RecordsOf(person_a).value();
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_EQ(records[0].identity.key, "a");
  EXPECT_EQ(records[2].identity.key_space, "food.card");
  EXPECT_EQ(register_->RecordsOf(person_c).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(register_->LastMerge(person_a).value(), UtcTime{20});
}

TEST_F(RegisterTest, MergingOnePersonWithItselfChangesNothing) {
  const RecordNo a = Assign("a"), b = Assign("b");
  ASSERT_TRUE(register_->Merge(a, b, "declared key", UtcTime{10}));
  const auto epoch = register_->Epoch().value();
  ASSERT_TRUE(register_->Merge(b, a, "declared key", UtcTime{20}));
  EXPECT_EQ(register_->Epoch().value(), epoch);
  EXPECT_EQ(LastMergeOf(a), UtcTime{10});
  EXPECT_EQ(register_->Merge(a, 999, "declared key", UtcTime{30}).error().code,
            ErrorCode::kNotFound);
}

TEST_F(RegisterTest, SplitRestoresWhatTheMergeJoined) {
  const RecordNo a = Assign("a"), b = Assign("b"), c = Assign("c");
  ASSERT_TRUE(register_->Merge(a, b, "declared key", UtcTime{10}));
  const PersonId person = register_->Merge(a, c, "steward", UtcTime{20}).value();
  const auto events = register_->EventsOf(person).value();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_THAT(events[1].moved, ElementsAre(c));
  EXPECT_THAT(events[1].stayed, ElementsAre(a, b));
  EXPECT_EQ(events[1].source, "steward");

  const PersonId begun = register_->Split(events[1].moved, "steward", UtcTime{30}).value();
  EXPECT_EQ(PersonOf(c), begun);
  EXPECT_EQ(PersonOf(b), person);
  EXPECT_EQ(LastMergeOf(a), UtcTime{10});
  EXPECT_EQ(LastMergeOf(c), UtcTime{0});
  EXPECT_THAT(register_->EventsOf(begun).value(), SizeIs(2));
  ASSERT_TRUE(register_->Split({b}, "steward", UtcTime{40}));
  EXPECT_EQ(LastMergeOf(a), UtcTime{0});
}

TEST_F(RegisterTest, SplitRefusesRecordsThatAreNotPartOfOnePerson) {
  const RecordNo a = Assign("a"), b = Assign("b"), c = Assign("c");
  ASSERT_TRUE(register_->Merge(a, b, "declared key", UtcTime{10}));
  for (const std::vector<RecordNo>& records :
       {std::vector<RecordNo>{}, {a, c}, {a, b}, {c}, {a, 0}}) {
    EXPECT_EQ(register_->Split(records, "steward", UtcTime{20}).error().code,
              ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(register_->Split({99}, "steward", UtcTime{20}).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(PersonOf(a), PersonOf(b));
}

TEST_F(RegisterTest, RollbackTakesEverythingBack) {
  const RecordNo a = Assign("a");
  const auto epoch = register_->Epoch().value();
  ASSERT_TRUE(register_->Begin());
  for (int i = 0; i < 200; ++i) Assign(std::to_string(i));
  ASSERT_TRUE(register_->Rollback());
  EXPECT_EQ(register_->Epoch().value(), epoch);
  EXPECT_EQ(register_->Find({.key_space = "food.card", .key = "7"}).value(), 0u);
  EXPECT_EQ(Assign("a"), a);
  EXPECT_EQ(register_->Commit().error().code, ErrorCode::kInternal);
}

TEST_F(RegisterTest, AdoptsManyKeysInOneTransaction) {
  const RecordNo known = Assign("known");
  ASSERT_TRUE(register_->Begin());
  EXPECT_FALSE(register_->Begin());
  std::set<RecordNo> numbers;
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 20'000; ++i) numbers.insert(Assign(fmt::format("k{}", i)));
  }
  EXPECT_EQ(Assign("known"), known);
  ASSERT_TRUE(register_->Commit());
  EXPECT_THAT(numbers, SizeIs(20'000));
  const auto map = register_->Map().value();
  Bitmap all;
  for (const RecordNo number : numbers) all.Add(number);
  EXPECT_EQ(map->CountPeople(all), 20'000u);
}

TEST_F(RegisterTest, EpochCountsChangesOfTheMap) {
  const auto start = register_->Epoch().value();
  Assign("a");
  EXPECT_EQ(register_->Epoch().value(), start + 1);
  Assign("a");
  EXPECT_EQ(register_->Epoch().value(), start + 1);
}

TEST_F(RegisterTest, MapFollowsRandomMergesAndSplits) {
  std::mt19937 random(7);
  std::vector<RecordNo> records;
  std::map<RecordNo, int> model;  // record -> group
  int groups = 0;
  for (int i = 0; i < 30; ++i) {
    records.push_back(Assign(std::to_string(i)));
    model[records.back()] = groups++;
  }
  for (int step = 0; step < 300; ++step) {
    const RecordNo a = records[random() % records.size()], b = records[random() % records.size()];
    if (random() % 2 == 0) {
      ASSERT_TRUE(register_->Merge(a, b, "test", UtcTime{step}));
      const int old = model[b], kept = model[a];
      for (auto& [record, group] : model) group = group == old ? kept : group;
    } else if (register_->Split({a}, "test", UtcTime{step})) {
      model[a] = groups++;
    }
  }
  const auto map = register_->Map().value();
  for (const RecordNo a : records) {
    for (const RecordNo b : records) {
      EXPECT_EQ(map->PersonOf(a) == map->PersonOf(b), model[a] == model[b]);
    }
    EXPECT_EQ(map->Find(PersonOf(a)), map->PersonOf(a));
    EXPECT_THAT(map->records_of[map->PersonOf(a)], ::testing::Contains(a));
  }
  EXPECT_EQ(map->PersonOf(9999), 0u);
  EXPECT_EQ(map->Find(PersonId{"p-0000000000000"}), std::nullopt);
  EXPECT_EQ(map->Find(PersonId{}), std::nullopt);
}

}  // namespace
}  // namespace candour::people
