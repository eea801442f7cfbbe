#include "consent/choice_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "consent/mapping_import.h"

namespace candour::consent {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Choice Make(RecordNo record, Evidence evidence, std::int64_t time) {
  return Choice{.record = record,
                .purpose = "marketing",
                .unit = "food",
                .channel = "email",
                .evidence = evidence,
                .source = "food-flags",
                .notice = "leaflet 7",
                .event_time = UtcTime{time},
                .recorded_time = UtcTime{time + 5}};
}

class ChoiceStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "candour-choices-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    Reopen();
  }
  void TearDown() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  void Reopen() {
    store_.reset();
    store_.emplace(ChoiceStore::Open(folder_ / "choices.db").value());
  }
  std::vector<Choice> Of(RecordNo record) const {
    return store_->OfRecords(std::vector<RecordNo>{record}).value();
  }

  std::filesystem::path folder_;
  std::optional<ChoiceStore> store_;
};

TEST_F(ChoiceStoreTest, ForgetsAllOfSomeRecordsAndNothingElse) {
  ASSERT_TRUE(store_->Add({Make(3, Evidence::kWithdrawal, 10), Make(4, Evidence::kConsent, 10),
                           Make(3, Evidence::kConsent, 20)}));
  const std::int64_t epoch = store_->Epoch().value();
  ASSERT_TRUE(store_->Forget(std::vector<RecordNo>{3, 9}));
  EXPECT_GT(store_->Epoch().value(), epoch) << "what was worked out from them is worked out anew";
  Reopen();
  EXPECT_THAT(Of(3), SizeIs(0));
  EXPECT_THAT(Of(4), SizeIs(1));
}

TEST_F(ChoiceStoreTest, KeepsEveryChoiceWholeOverReopening) {
  Choice choice = Make(3, Evidence::kWithdrawal, 10);
  choice.category = "pd:Location";
  choice.recipient = "partner";
  ASSERT_TRUE(store_->Add({choice, Make(3, Evidence::kConsent, 2)}));
  Reopen();
  const auto choices = Of(3);
  ASSERT_THAT(choices, SizeIs(2));
  EXPECT_EQ(choices[0].evidence, Evidence::kWithdrawal);
  EXPECT_EQ(choices[0].category, "pd:Location");
  EXPECT_EQ(choices[0].recipient, "partner");
  EXPECT_EQ(choices[0].notice, "leaflet 7");
  EXPECT_EQ(choices[0].event_time, UtcTime{10});
  EXPECT_EQ(choices[0].recorded_time, UtcTime{15});
  EXPECT_EQ(choices[1].evidence, Evidence::kConsent);
}

TEST_F(ChoiceStoreTest, AddsAllOrNothing) {
  Choice broken = Make(4, Evidence::kConsent, 1);
  broken.unit = "";
  broken.source = "new source";
  Choice fresh = Make(3, Evidence::kConsent, 1);
  fresh.source = "another source";
  const auto epoch = store_->Epoch().value();
  EXPECT_EQ(store_->Add({fresh, broken}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(Of(3), IsEmpty());
  EXPECT_EQ(store_->Epoch().value(), epoch);
  ASSERT_TRUE(store_->Add({fresh}));
  EXPECT_THAT(Of(3), SizeIs(1));
  EXPECT_EQ(store_->Epoch().value(), epoch + 1);
  EXPECT_EQ(store_->Add({Make(0, Evidence::kConsent, 1)}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(ChoiceStoreTest, StreamsWhatCouldTouchThePurposes) {
  Choice any = Make(1, Evidence::kObjection, 1);
  any.purpose = "any";
  Choice other = Make(2, Evidence::kConsent, 1);
  other.purpose = "research";
  ASSERT_TRUE(store_->Add({any, other, Make(3, Evidence::kConsent, 1)}));
  std::vector<RecordNo> seen, rows;
  const std::vector<std::string> purposes = {"marketing"};
  ASSERT_TRUE(store_->ForEachOf(purposes, [&](const Choice& c) { seen.push_back(c.record); }));
  ASSERT_TRUE(store_->ForEachRowOf(purposes, [&](const ChoiceRow& row) {
    rows.push_back(row.record);
    EXPECT_EQ(store_->Terms(row.terms).unit, "food");
  }));
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre(1, 3));
  EXPECT_EQ(seen, rows);
}

TEST_F(ChoiceStoreTest, ImportingTheSameTwiceAddsNothing) {
  const std::vector<Choice> choices = {Make(1, Evidence::kConsent, 1),
                                       Make(2, Evidence::kObjection, 2)};
  EXPECT_EQ(store_->ReplaceSource("food-flags", choices).value(), 2u);
  const auto epoch = store_->Epoch().value();
  EXPECT_EQ(store_->ReplaceSource("food-flags", choices).value(), 0u);
  EXPECT_EQ(store_->Epoch().value(), epoch);
}

TEST_F(ChoiceStoreTest, ImportAddsOnlyWhatChanged) {
  ASSERT_TRUE(store_->ReplaceSource(
      "food-flags", {Make(1, Evidence::kConsent, 1), Make(2, Evidence::kConsent, 1)}));
  EXPECT_EQ(store_
                ->ReplaceSource("food-flags",
                                {Make(1, Evidence::kConsent, 1), Make(2, Evidence::kObjection, 9)})
                .value(),
            1u);
  EXPECT_THAT(Of(1), SizeIs(1));
  EXPECT_THAT(Of(2), SizeIs(2));
  EXPECT_EQ(store_->ReplaceSource("post-flags", {Make(1, Evidence::kConsent, 1)}).error().code,
            ErrorCode::kInvalidArgument);
}

TEST_F(ChoiceStoreTest, AMappingThatMovesTakesItsOldYesBack) {
  ASSERT_TRUE(store_->ReplaceSource("food-flags", {Make(1, Evidence::kConsent, 1)}));
  Choice moved = Make(1, Evidence::kConsent, 1);
  moved.channel = "post";
  moved.recorded_time = UtcTime{50};
  EXPECT_EQ(store_->ReplaceSource("food-flags", {moved}).value(), 2u);
  const auto choices = Of(1);
  ASSERT_THAT(choices, SizeIs(3));
  EXPECT_EQ(choices[1].channel, "email");
  EXPECT_EQ(choices[1].evidence, Evidence::kUnset);
  EXPECT_EQ(choices[1].event_time, UtcTime{50});
  EXPECT_EQ(store_->ReplaceSource("food-flags", {moved}).value(), 0u);
}

TEST_F(ChoiceStoreTest, ATrialKnowsEverythingAndTellsNothingBack) {
  ASSERT_TRUE(store_->Add({Make(3, Evidence::kConsent, 1)}));
  ChoiceStore trial = store_->Trial().value();
  EXPECT_THAT(trial.OfRecords(std::vector<RecordNo>{3}).value(), SizeIs(1));
  Choice choice = Make(3, Evidence::kObjection, 2);
  choice.purpose = "insight";
  ASSERT_TRUE(trial.Add({choice}));
  EXPECT_THAT(trial.OfRecords(std::vector<RecordNo>{3}).value(), SizeIs(2));
  EXPECT_THAT(Of(3), SizeIs(1));
  Reopen();
  EXPECT_THAT(Of(3), SizeIs(1));
}

TEST(ImportFlagsTest, ReadsEachValueForWhatItIsEvidenceOf) {
  const Mapping mapping{
      .id = "food-flags",
      .unit = "food",
      .purpose = "marketing",
      .channel = "email",
      .notice = "leaflet 7",
      .values = {{"Y", Evidence::kConsent}, {"N", Evidence::kObjection}, {"", Evidence::kUnset}},
      .otherwise = Evidence::kUnevidenced};
  const std::vector<FlagRow> rows = {{4, "?", "2026-01-01"},
                                     {1, " Y ", "2026-01-02T03:04:05Z"},
                                     {2, "N", "2026-01-01"},
                                     {3, "", "2026-01-01"},
                                     {0, "Y", "2026-01-01"}};
  const UtcTime now = ParseTime("2026-03-01").value();
  const auto choices = ImportFlags(mapping, rows, now);
  ASSERT_THAT(choices, SizeIs(4));
  EXPECT_EQ(choices[0].evidence, Evidence::kConsent);
  EXPECT_EQ(choices[0].event_time, ParseTime("2026-01-02T03:04:05Z").value());
  EXPECT_EQ(choices[0].recorded_time, now);
  EXPECT_EQ(choices[0].source, "food-flags");
  EXPECT_EQ(choices[0].channel, "email");
  EXPECT_EQ(choices[0].notice, "leaflet 7");
  EXPECT_EQ(choices[1].evidence, Evidence::kObjection);
  EXPECT_EQ(choices[2].evidence, Evidence::kUnset);
  EXPECT_EQ(choices[3].evidence, Evidence::kUnevidenced);
}

TEST(ImportFlagsTest, AnUnknownTimeIsTheLeastFavourableOne) {
  const Mapping mapping{.values = {{"Y", Evidence::kConsent}, {"N", Evidence::kObjection}}};
  const UtcTime now = ParseTime("2026-03-01").value();
  for (const std::string time : {"", "yesterday", "2027-01-01"}) {
    const std::vector<FlagRow> rows = {{1, "Y", time}, {2, "N", time}};
    const auto choices = ImportFlags(mapping, rows, now);
    EXPECT_EQ(choices[0].event_time, UtcTime{});
    EXPECT_EQ(choices[0].channel, "any");
    EXPECT_EQ(choices[1].event_time, now);
  }
}

TEST(ImportFlagsTest, OfOneRecordsRowsTheLatestCountsAndATieIsTheLeastFavourable) {
  const Mapping mapping{.values = {{"Y", Evidence::kConsent}, {"N", Evidence::kObjection}}};
  const std::vector<FlagRow> rows = {{1, "N", "2026-01-01"},
                                     {1, "Y", "2026-01-02"},
                                     {2, "Y", "2026-01-01"},
                                     {2, "N", "2026-01-01"}};
  const auto choices = ImportFlags(mapping, rows, ParseTime("2026-03-01").value());
  ASSERT_THAT(choices, SizeIs(2));
  EXPECT_EQ(choices[0].evidence, Evidence::kConsent);
  EXPECT_EQ(choices[1].evidence, Evidence::kObjection);
}

TEST_F(ChoiceStoreTest, FlagsWithoutATimeImportTwiceToNothing) {
  const Mapping mapping{.id = "food-flags",
                        .unit = "food",
                        .purpose = "marketing",
                        .values = {{"Y", Evidence::kConsent}, {"N", Evidence::kObjection}}};
  const std::vector<FlagRow> rows = {{1, "Y", ""}, {2, "N", ""}, {3, "?", ""}};
  EXPECT_EQ(store_->ReplaceSource("food-flags", ImportFlags(mapping, rows, UtcTime{100})).value(),
            3u);
  EXPECT_EQ(store_->ReplaceSource("food-flags", ImportFlags(mapping, rows, UtcTime{200})).value(),
            0u);
}

}  // namespace
}  // namespace candour::consent
