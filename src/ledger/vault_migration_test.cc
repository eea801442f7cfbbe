#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/choice_vault.h"
#include "ledger/sealed_ledger_fixture.h"
#include "ledger/vault.h"
#include "ledger/vault_schema.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;
using storage::Sqlite;
using testing::HasSubstr;

/// The stores as they were before anything was sealed.
constexpr std::string_view kOldVault = R"sql(
  CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE people_set (number INTEGER PRIMARY KEY, hex TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE access (
    started INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, use TEXT NOT NULL,
    purpose TEXT NOT NULL, recipient TEXT NOT NULL, output TEXT NOT NULL, datasets TEXT NOT NULL,
    available INTEGER NOT NULL, available_people INTEGER, principal TEXT, os_user TEXT,
    statement TEXT, actor_blinding BLOB, statement_blinding BLOB, counts_blinding BLOB) STRICT;
  CREATE TABLE outcome (
    started INTEGER PRIMARY KEY, finished INTEGER NOT NULL UNIQUE, time_us INTEGER NOT NULL,
    released INTEGER NOT NULL, outcome TEXT NOT NULL, row_count INTEGER,
    counts_blinding BLOB) STRICT;
  CREATE TABLE set_tree (
    entry INTEGER PRIMARY KEY, people_set INTEGER NOT NULL UNIQUE, root BLOB NOT NULL,
    height INTEGER NOT NULL) STRICT;
  CREATE TABLE silence (
    started INTEGER PRIMARY KEY, ground TEXT, until_us INTEGER, review INTEGER,
    blinding BLOB) STRICT;
  CREATE TABLE silence_decision (
    entry INTEGER PRIMARY KEY, started INTEGER NOT NULL, time_us INTEGER NOT NULL,
    until_us INTEGER, principal TEXT, os_user TEXT, reason TEXT, actor_blinding BLOB,
    reason_blinding BLOB) STRICT;
  CREATE TABLE emergency (
    entry INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, grant_entry INTEGER NOT NULL,
    record INTEGER NOT NULL) STRICT;
  CREATE TABLE opening (
    entry INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, blinding BLOB NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (entry, path)) STRICT, WITHOUT ROWID;
  INSERT INTO people_set SELECT * FROM sealed.people_set;
  INSERT INTO set_tree SELECT * FROM sealed.set_tree;
  INSERT INTO emergency SELECT * FROM sealed.emergency;
  INSERT INTO access SELECT started, time_us, use, purpose, recipient, output, datasets, available,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM sealed.access;
  INSERT INTO outcome SELECT started, finished, time_us, released, outcome, NULL, NULL
    FROM sealed.outcome;
  INSERT INTO silence SELECT started, NULL, NULL, NULL, NULL FROM sealed.silence;
  INSERT INTO silence_decision SELECT entry, started, time_us, until_us, NULL, NULL, NULL, NULL,
    NULL FROM sealed.silence_decision;
  PRAGMA user_version = 4;
)sql";
constexpr std::string_view kOldChoiceVault = R"sql(
  CREATE TABLE choice (
    number INTEGER PRIMARY KEY, person TEXT, value TEXT, blinding BLOB) STRICT;
  CREATE INDEX choice_person ON choice (person);
  PRAGMA user_version = 1;
)sql";

/// One value of a row, bound as text, blob or number.
Status Put(Sqlite& store, std::string_view sql, std::vector<std::string> texts,
           std::vector<std::string> blobs, std::vector<std::int64_t> numbers) {
  CANDOUR_ASSIGN(storage::Statement put, store.Prepare(sql));
  int index = 1;
  for (const std::string& text : texts) CANDOUR_TRY(put.Bind(index++, text));
  for (const std::string& blob : blobs) CANDOUR_TRY(put.BindBlob(index++, blob));
  for (const std::int64_t number : numbers) CANDOUR_TRY(put.Bind(index++, number));
  return put.Run();
}

class VaultMigrationTest : public SealedLedgerTest {
 protected:
  /// Writes the vault's store anew as version 4 had it, all in clear.
  void UnsealVault() const {
    const fs::path sealed = root_ / "sealed.db";
    fs::rename(VaultFile(), sealed);
    const Vault vault = Vault::Open(sealed, Key()).value();
    Sqlite old = Sqlite::Open(VaultFile()).value();
    ASSERT_TRUE(old.Run("ATTACH '" + sealed.string() + "' AS sealed"));
    ASSERT_TRUE(old.Run(kOldVault));
    ASSERT_TRUE(Put(old, "INSERT INTO secret VALUES ('set-salt', ?1), ('pad-key', ?2)", {},
                    {std::string(vault.SetSalt()->Reveal()), std::string(vault.PadKey()->Reveal())},
                    {}));
    for (const std::uint64_t started : {0U, 2U}) {
      const VaultAccess access = vault.FindAccess(started).value();
      const AccessDetail& detail = access.detail;
      ASSERT_TRUE(Put(old,
                      "UPDATE access SET principal = ?1, os_user = ?2, statement = ?3, "
                      "actor_blinding = ?4, statement_blinding = ?5, counts_blinding = ?6, "
                      "available_people = ?7 WHERE started = ?8",
                      {detail.principal, detail.os_user, detail.statement},
                      {access.blindings.actor, access.blindings.statement, access.blindings.counts},
                      {detail.available_people, static_cast<std::int64_t>(started)}));
      if (!detail.silence) continue;
      ASSERT_TRUE(Put(old,
                      "UPDATE silence SET ground = ?1, blinding = ?2, until_us = ?3, review = ?4",
                      {detail.silence->ground}, {access.blindings.silence},
                      {detail.silence->until.us, detail.silence->review}));
    }
    const Outcome outcome = vault.FindOutcome(1).value();
    ASSERT_TRUE(Put(old, "UPDATE outcome SET counts_blinding = ?1, row_count = ?2", {},
                    {outcome.blinding}, {outcome.rows}));
    const SilenceDecision decision = vault.FindDecision(3).value();
    ASSERT_TRUE(Put(old,
                    "UPDATE silence_decision SET principal = ?1, os_user = ?2, reason = ?3, "
                    "actor_blinding = ?4, reason_blinding = ?5",
                    {decision.principal, decision.os_user, decision.reason},
                    {decision.actor_blinding, decision.reason_blinding}, {}));
    const Opening opening = vault.OpeningsOf(4)->at(0);
    ASSERT_TRUE(Put(old, "INSERT INTO opening VALUES (4, ?1, ?2, ?4, ?3)",
                    {opening.path, opening.name, opening.value}, {opening.blinding}, {}));
  }

  void UnsealChoices() const {
    const fs::path sealed = root_ / "sealed-choices.db";
    fs::rename(ChoiceVaultFile(), sealed);
    const auto vault = ChoiceVault::Open(sealed, Key()).value();
    Sqlite old = Sqlite::Open(ChoiceVaultFile()).value();
    ASSERT_TRUE(old.Run(kOldChoiceVault));
    const std::vector<ChoiceHalf> halves = vault->From(0, 100).value();
    for (const ChoiceHalf& half : halves) {
      ASSERT_TRUE(Put(old, "INSERT INTO choice VALUES (?4, ?1, ?2, ?3)", {half.person, half.value},
                      {half.blinding}, {static_cast<std::int64_t>(half.number)}));
    }
    // One that was dropped, whose page may hold it still.
    ASSERT_TRUE(old.Run("PRAGMA secure_delete = OFF"));
    ASSERT_TRUE(Put(old, "INSERT INTO choice VALUES (9, 'p-unmistakable-gone', ?1, NULL)",
                    {std::string(20'000, 'x')}, {}, {}));
    ASSERT_TRUE(old.Run("DELETE FROM choice WHERE number = 9"));
  }
};

TEST_F(VaultMigrationTest, WhatStoodInClearIsSealedAndNothingOfItIsLeft) {
  std::string copy;
  {
    Ledger ledger = Open().value();
    Fill(ledger);
    copy = ledger.Copy(LogName::kAccesses, 0).value();
  }
  UnsealVault();
  UnsealChoices();
  const std::size_t forms = Found(Texts()).size();
  ASSERT_GE(forms, Texts().size()) << "all stand in clear before";
  {
    const Ledger ledger = Open().value();
    EXPECT_EQ(Found(Texts()), std::vector<std::string>()) << "while it is open";
    EXPECT_TRUE(ledger.Verify()) << ledger.Verify().error().ToString();
    EXPECT_EQ(ledger.Copy(LogName::kAccesses, 0).value(), copy);
    EXPECT_THAT(ledger.Copy(LogName::kChoices, 0).value(), HasSubstr(kChoice));
    EXPECT_EQ(ledger.ChoicesOf(kPerson)->size(), 1U);
    EXPECT_EQ(ledger.SilentAccesses()->at(0).detail.silence->ground, kGround);
    EXPECT_EQ(ledger.SilentAccesses()->at(0).decisions.at(0).reason, kReason);
    EXPECT_THAT(ledger.Openings(LogName::kAccesses, 4)->at(0).value, HasSubstr(kFinding));
  }
  EXPECT_EQ(Found(Texts()), std::vector<std::string>());
  EXPECT_EQ(Found({"p-unmistakable-gone"}), std::vector<std::string>());
  EXPECT_TRUE(Open().value().Verify());
}

TEST_F(VaultMigrationTest, TheSaltOfSetsStaysWhatItWas) {
  SetId set;
  {
    Ledger ledger = Open().value();
    Fill(ledger);
    set = ledger.StoreSet(SetOf({5})).value();
  }
  UnsealVault();
  EXPECT_EQ(Open().value().StoreSet(SetOf({5})).value(), set);
}

TEST_F(VaultMigrationTest, OneThatWasCutOffBeforeTheCleaningIsCleaned) {
  {
    Ledger ledger = Open().value();
    Fill(ledger);
  }
  {
    auto store = Sqlite::Open(VaultFile()).value();
    ASSERT_TRUE(
        store.Run("PRAGMA secure_delete = OFF; CREATE TABLE left_over (text TEXT);"
                  "INSERT INTO left_over VALUES ('unmistakable-left-over' || hex(zeroblob(9000)));"
                  "DROP TABLE left_over; PRAGMA user_version = 5"));
  }
  EXPECT_TRUE(Open().value().Verify());
  EXPECT_EQ(Found({"unmistakable-left-over"}), std::vector<std::string>());
  EXPECT_EQ(Sqlite::Open(VaultFile())->SchemaVersion().value(), 6);
}

TEST_F(VaultMigrationTest, AMigrationThatFailsLeavesAllAsItWas) {
  {
    Ledger ledger = Open().value();
    Fill(ledger);
  }
  UnsealVault();
  // A table of that name is in the way of the last step.
  ASSERT_TRUE(RunSql(VaultFile(), "CREATE TABLE old_opening (x INTEGER)"));
  EXPECT_FALSE(Open());
  EXPECT_EQ(Sqlite::Open(VaultFile())->SchemaVersion().value(), 4);
  ASSERT_TRUE(RunSql(VaultFile(), "DROP TABLE old_opening"));
  const Ledger ledger = Open().value();
  EXPECT_TRUE(ledger.Verify());
  EXPECT_EQ(ledger.Accesses(10)->back().statement, kStatement);
}

TEST_F(VaultMigrationTest, ALaterVersionIsRefused) {
  {
    Ledger ledger = Open().value();
  }
  ASSERT_TRUE(RunSql(ChoiceVaultFile(), "PRAGMA user_version = 99"));
  EXPECT_EQ(Open().error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace candour::ledger
