#include "ledger/ledger.h"

#include <nlohmann/json.hpp>

#include "ledger/ledger_fixture.h"
#include "storage/faulty_filesystem.h"
#include "storage/sqlite.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

TEST_F(LedgerTest, TellsAnAccessAsItWas) {
  Ledger ledger = Open().value();
  const SetId available = ledger.StoreSet(SetOf({3, 70, 900})).value();
  const SetId released = ledger.StoreSet(SetOf({70})).value();
  const std::uint64_t started = ledger.Started(Access(available)).value();
  ASSERT_TRUE(ledger.Finished(started, released, 17, "released"));

  const AccessDetail told = ledger.AccessesOf({70}).value().at(0);
  EXPECT_EQ(told.started, started);
  EXPECT_EQ(told.time, clock_.Now());
  EXPECT_EQ(told.principal, "prudence-the-marketer");
  EXPECT_EQ(told.use, "member-offers");
  EXPECT_EQ(told.purpose, "offers");
  EXPECT_EQ(told.recipient, "Food");
  EXPECT_EQ(told.output, "rows");
  EXPECT_EQ(told.datasets, "members.register,food.transactions");
  EXPECT_EQ(told.statement, Access(available).statement);
  EXPECT_EQ(told.os_user, "os-account-of-prudence");
  EXPECT_EQ(told.available, available);
  EXPECT_EQ(told.available_people, 4321);
  EXPECT_EQ(told.released, released);
  EXPECT_EQ(told.rows, 17);
  EXPECT_EQ(told.outcome, "released");
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(LedgerTest, AnAccessThatIsNotFinishedSaysSo) {
  Ledger ledger = Open().value();
  const std::uint64_t started = ledger.Started(Access({})).value();
  const AccessDetail told = ledger.Accesses(10).value().at(0);
  EXPECT_EQ(told.started, started);
  EXPECT_EQ(told.rows, -1);
  EXPECT_EQ(told.outcome, "");
  EXPECT_EQ(told.released, std::nullopt);
  EXPECT_TRUE(ledger.AccessesOf({0, 1, 2}).value().empty()) << "nobody was in it";
}

TEST_F(LedgerTest, IsTheSameAfterOpeningAgain) {
  std::vector<Entry> before;
  {
    Ledger ledger = Open().value();
    const SetId set = ledger.StoreSet(SetOf({5})).value();
    const std::uint64_t started = ledger.Started(Access(set)).value();
    ASSERT_TRUE(ledger.Append(EntryType::kApplied, {{"version", 1}}));
    ASSERT_TRUE(ledger.Finished(started, std::nullopt, 3, "failed"));
    before = ledger.Read(LogName::kAccesses, 0, 100).value();
    EXPECT_EQ(Open().error().code, ErrorCode::kHomeBusy) << "one process owns a ledger";
  }
  Ledger ledger = Open().value();
  EXPECT_EQ(ledger.size(LogName::kAccesses), 3U);
  const std::vector<Entry> after = ledger.Read(LogName::kAccesses, 0, 100).value();
  ASSERT_EQ(after.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(after[i].index, i);
    EXPECT_EQ(after[i].type, before[i].type);
    EXPECT_EQ(after[i].time, clock_.Now());
    EXPECT_EQ(after[i].payload, before[i].payload);
  }
  EXPECT_EQ(after[1].payload,
            R"({"body":{"version":1},"time":"2026-03-01T09:00:00Z","type":"applied","v":2})");
  EXPECT_EQ(ledger.AccessesOf({5}).value().at(0).outcome, "failed");
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(LedgerTest, NothingPersonalIsInTheJournal) {
  std::string set_id;
  {
    Ledger ledger = Open().value();
    const SetId set = ledger.StoreSet(SetOf({70})).value();
    set_id = set.hex;
    const std::uint64_t started = ledger.Started(Access(set)).value();
    ASSERT_TRUE(ledger.Finished(started, set, 4321, "released"));
  }
  const std::string bytes = BytesOfFile(JournalFile());
  for (const char* secret : {"prudence", "os-account", "SELECT", "Ashworth", "surname", "4321"}) {
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  }
  for (const std::string& open : {std::string("member-offers"), set_id, std::string("1000-9999")}) {
    EXPECT_NE(bytes.find(open), std::string::npos) << open;
  }
}

TEST_F(LedgerTest, EqualAccessesCannotBeToldFromEachOtherByTheirCommitments) {
  Ledger ledger = Open().value();
  clock_.Set(UtcTime{0});
  ASSERT_TRUE(ledger.Started(Access({})));
  ASSERT_TRUE(ledger.Started(Access({})));
  const std::vector<Entry> entries = ledger.Read(LogName::kAccesses, 0, 2).value();
  EXPECT_NE(entries[0].payload, entries[1].payload);
}

TEST_F(LedgerTest, EqualSetsShareOneFileWhateverTheirSize) {
  Ledger ledger = Open().value();
  Bitmap wide(1'000'000);
  wide.Add(70);
  const SetId narrow = ledger.StoreSet(SetOf({70})).value();
  EXPECT_EQ(ledger.StoreSet(wide).value(), narrow);
  EXPECT_NE(ledger.StoreSet(SetOf({71})).value(), narrow);
  EXPECT_EQ(ledger.LoadSet(narrow).value(), wide);
  const SetId nobody = ledger.StoreSet(Bitmap()).value();
  EXPECT_EQ(ledger.StoreSet(Bitmap(640)).value(), nobody);
  EXPECT_EQ(ledger.LoadSet(nobody).value().Count(), 0U);
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(Folder() / "sets")) files += file.exists() ? 1 : 0;
  EXPECT_EQ(files, 3U);
}

TEST_F(LedgerTest, SetIdsOfTwoLedgersSayNothingOfEachOther) {
  Ledger one = Open().value();
  Ledger other = Ledger::Open(TestSettings(root_ / "other"), clock_).value();
  EXPECT_NE(one.StoreSet(SetOf({1})).value(), other.StoreSet(SetOf({1})).value());
}

TEST_F(LedgerTest, ADamagedSetIsNamedAndNeverServed) {
  SetId set;
  {
    Ledger ledger = Open().value();
    set = ledger.StoreSet(SetOf({1, 100})).value();
    ASSERT_TRUE(ledger.Started(Access(set)));
  }
  const fs::path file = Folder() / "sets" / (set.hex + ".set");
  const std::string bytes = BytesOfFile(file);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
    const Ledger ledger = Open().value();
    EXPECT_EQ(ledger.LoadSet(set).error().code, ErrorCode::kCorruption) << i;
    EXPECT_EQ(ledger.AccessesOf({1}).error().code, ErrorCode::kCorruption) << "no half answers";
  }
  EXPECT_EQ(Open().value().LoadSet({"../vault.db"}).error().code, ErrorCode::kNotFound);
}

TEST_F(LedgerTest, RefusesWhatItCannotRecordAndChangesNothing) {
  Ledger ledger = Open().value();
  const auto code = [](const auto& result) { return result.error().code; };
  EXPECT_EQ(code(ledger.Started(Access({std::string(64, 'a')}))), ErrorCode::kNotFound);
  AccessDetail not_text = Access({});
  not_text.statement = "SELECT '\xff'";
  EXPECT_EQ(code(ledger.Started(not_text)), ErrorCode::kInvalidArgument);
  AccessDetail too_long = Access({});
  too_long.datasets = std::string(70'000, 'd');
  EXPECT_EQ(code(ledger.Started(too_long)), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(ledger.Finished(0, std::nullopt, 1, "released")), ErrorCode::kNotFound);
  for (const nlohmann::json& body :
       {nlohmann::json(), nlohmann::json::array(), nlohmann::json(7),
        nlohmann::json::object({{"a", 1.5}}), nlohmann::json::object({{"a", "\xff"}})}) {
    EXPECT_EQ(code(ledger.Append(EntryType::kChoices, body)), ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(code(ledger.Append(EntryType::kChoices, {{"a", std::string(70'000, 'x')}})),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(ledger.Append(EntryType::kStarted, nlohmann::json::object())),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(ledger.size(LogName::kAccesses), 0U);

  const std::uint64_t started = ledger.Started(Access({})).value();
  EXPECT_EQ(code(ledger.Finished(started, std::nullopt, 1, "Mr Ashworth's rows")),
            ErrorCode::kInvalidArgument);
  ASSERT_TRUE(ledger.Finished(started, std::nullopt, 1, "released"));
  EXPECT_EQ(code(ledger.Finished(started, std::nullopt, 1, "released")), ErrorCode::kConflict);
  EXPECT_EQ(ledger.size(LogName::kAccesses), 2U);
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(LedgerTest, TenThousandAccessesAreSearchedExactly) {
  storage::FaultyFilesystem memory;  // without faults: only its speed is wanted
  fs::create_directory(Folder());
  Ledger ledger = Open(memory).value();
  std::vector<SetId> sets;
  for (std::size_t i = 0; i < 20; ++i) {
    Bitmap set(20'000);
    for (std::size_t record = i; record < 20'000; record += i + 2) set.Add(record);
    sets.push_back(ledger.StoreSet(set).value());
  }
  std::vector<std::uint64_t> expected;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const std::size_t which = (i * i) % sets.size();
    const std::uint64_t started = ledger.Started(Access(sets[which])).value();
    for (const std::size_t record : {std::size_t{101}, std::size_t{12'000}}) {
      if (record >= which && (record - which) % (which + 2) == 0) {
        expected.insert(expected.begin(), started);
        break;
      }
    }
  }
  const std::vector<AccessDetail> told = ledger.AccessesOf({101, 12'000}).value();
  ASSERT_EQ(told.size(), expected.size());
  for (std::size_t i = 0; i < told.size(); ++i) EXPECT_EQ(told[i].started, expected[i]);
  EXPECT_TRUE(ledger.AccessesOf({50'000}).value().empty());
  EXPECT_TRUE(ledger.AccessesOf({}).value().empty());
  EXPECT_EQ(ledger.Accesses(7).value().size(), 7U);
  EXPECT_EQ(ledger.Accesses(7).value().at(0).started, 9'999U);
}

TEST_F(LedgerTest, AnErasedOrLostVaultLeavesWhatTheEntriesSay) {
  SetId set;
  {
    Ledger ledger = Open().value();
    set = ledger.StoreSet(SetOf({5})).value();
    const std::uint64_t started = ledger.Started(Access(set)).value();
    ASSERT_TRUE(ledger.Finished(started, set, 17, "released"));
  }
  {
    auto vault = storage::Sqlite::Open(Folder() / "vault.db").value();
    ASSERT_TRUE(vault.Run("DELETE FROM access; DELETE FROM outcome;"));
  }
  const Ledger ledger = Open().value();
  const AccessDetail told = ledger.AccessesOf({5}).value().at(0);
  EXPECT_EQ(told.use, "member-offers");
  EXPECT_EQ(told.datasets, "members.register,food.transactions");
  EXPECT_EQ(told.outcome, "released");
  EXPECT_EQ(told.released, set);
  EXPECT_EQ(told.principal, "");
  EXPECT_EQ(told.statement, "");
  EXPECT_EQ(told.rows, -1);
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(LedgerTest, AChangedVaultIsFound) {
  {
    Ledger ledger = Open().value();
    const SetId set = ledger.StoreSet(SetOf({5})).value();
    const std::uint64_t started = ledger.Started(Access(set)).value();
    ASSERT_TRUE(ledger.Finished(started, std::nullopt, 17, "released"));
  }
  const fs::path file = Folder() / "vault.db";
  const std::string whole = BytesOfFile(file);
  for (const char* change :
       {"UPDATE access SET use = 'product-recall'", "UPDATE access SET available = 0",
        "UPDATE access SET time_us = 0", "UPDATE outcome SET outcome = 'failed'"}) {
    ASSERT_TRUE(storage::Sqlite::Open(file).value().Run(change));
    EXPECT_EQ(Open().value().Verify().error().code, ErrorCode::kLedgerCorrupt) << change;
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole;
    EXPECT_TRUE(Open().value().Verify());
  }
}

TEST_F(LedgerTest, AJournalPutBackOrTakenAwayIsFound) {
  std::string older;
  {
    Ledger ledger = Open().value();
    ASSERT_TRUE(ledger.Started(Access({})));
    older = BytesOfFile(JournalFile());
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(ledger.Started(Access({})));
  }
  std::ofstream(JournalFile(), std::ios::binary | std::ios::trunc) << older;
  EXPECT_EQ(Open().error().code, ErrorCode::kLedgerBehind);
  fs::remove(JournalFile());
  EXPECT_EQ(Open().error().code, ErrorCode::kLedgerBehind);
}

TEST_F(LedgerTest, EveryChangedByteOfTheJournalIsFound) {
  {
    Ledger ledger = Open().value();
    ASSERT_TRUE(ledger.Started(Access({})));
    ASSERT_TRUE(ledger.Append(EntryType::kApplied, nlohmann::json::object()));
  }
  const std::string whole = BytesOfFile(JournalFile());
  constexpr std::size_t kSealSize = 17;
  for (std::size_t i = 0; i + kSealSize < whole.size(); i += 3) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    std::ofstream(JournalFile(), std::ios::binary | std::ios::trunc) << damaged;
    EXPECT_EQ(Open().error().code, ErrorCode::kLedgerCorrupt) << i;
  }
}

}  // namespace
}  // namespace candour::ledger
