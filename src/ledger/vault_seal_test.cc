#include "ledger/vault_seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/choice_vault.h"
#include "ledger/sealed_ledger_fixture.h"
#include "ledger/vault.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

using VaultSealTest = SealedLedgerTest;

TEST_F(VaultSealTest, NothingThatEntriesLeaveOutStandsInAnyFile) {
  {
    Ledger ledger = Open().value();
    Fill(ledger);
    EXPECT_EQ(Found(Texts()), std::vector<std::string>()) << "while it is open";
  }
  EXPECT_EQ(Found(Texts()), std::vector<std::string>());
  EXPECT_FALSE(Found({"member-offers"}).empty()) << "what entries say is found";
  const Ledger ledger = Open().value();
  const AccessDetail told = ledger.Accesses(10).value().back();
  EXPECT_EQ(told.statement, kStatement);
  EXPECT_EQ(told.principal, kPrincipal);
  EXPECT_EQ(told.os_user, kOsUser);
  EXPECT_EQ(told.available_people, 4321);
  EXPECT_EQ(told.rows, 17);
  EXPECT_EQ(ledger.ChoicesOf(kPerson).value(), std::vector<std::uint64_t>{0});
  EXPECT_THAT(ledger.Copy(LogName::kChoices, 0).value(), HasSubstr(kChoice));
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(VaultSealTest, AnotherKeyOpensNothingAndWritesNothing) {
  {
    Ledger ledger = Open().value();
    Fill(ledger);
  }
  crypto::Secret other(32);
  other.Fill()[0] = 1;
  const auto vault = Vault::Open(VaultFile(), other);
  ASSERT_FALSE(vault);
  EXPECT_EQ(vault.error().code, ErrorCode::kCorruption);
  EXPECT_THAT(vault.error().message, HasSubstr("vault.db"));
  const auto choices = ChoiceVault::Open(ChoiceVaultFile(), other);
  ASSERT_FALSE(choices);
  EXPECT_EQ(choices.error().code, ErrorCode::kCorruption);
  EXPECT_THAT(choices.error().message, HasSubstr("choice_vault.db"));
  EXPECT_TRUE(Open().value().Verify());
}

TEST_F(VaultSealTest, AValueThatIsMovedOrChangedIsFound) {
  {
    Ledger ledger = Open().value();
    Fill(ledger);
  }
  // Of two rows one gets what the other has; then one bit of one value is turned over.
  const std::vector<std::pair<fs::path, std::string>> changes = {
      {VaultFile(),
       "UPDATE access SET sealed = (SELECT sealed FROM access WHERE started = 2) "
       "WHERE started = 0"},
      {VaultFile(), "UPDATE outcome SET sealed = (SELECT sealed FROM access WHERE started = 0)"},
      {VaultFile(), "UPDATE silence SET sealed = (SELECT sealed FROM silence_decision)"},
      {VaultFile(),
       "UPDATE secret SET sealed = (SELECT sealed FROM secret WHERE name = 'pad-key') "
       "WHERE name = 'set-salt'"},
      {VaultFile(), "UPDATE opening SET path = '/body/reason'"},
      {ChoiceVaultFile(),
       "UPDATE choice SET sealed = (SELECT sealed FROM choice WHERE number = 1) "
       "WHERE number = 0"},
      {ChoiceVaultFile(),
       "UPDATE choice SET look_up = (SELECT look_up FROM choice WHERE "
       "number = 1) WHERE number = 0"},
      {ChoiceVaultFile(), "UPDATE choice SET look_up = NULL WHERE number = 0"},
  };
  for (const auto& [file, sql] : changes) {
    const std::string whole = BytesOfFile(file);
    ASSERT_TRUE(RunSql(file, sql)) << sql;
    const auto ledger = Open();
    const Status found = ledger ? ledger->Verify() : Status(std::unexpected(ledger.error()));
    ASSERT_FALSE(found) << sql;
    EXPECT_EQ(found.error().code, ErrorCode::kCorruption) << sql;
    EXPECT_THAT(found.error().message, HasSubstr(file.filename().string())) << sql;
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole;
  }
  EXPECT_TRUE(Open().value().Verify());
}

TEST_F(VaultSealTest, EveryByteOfASealedValueCounts) {
  {
    Ledger ledger = Open().value();
    Fill(ledger);
  }
  for (const auto& [file, table] :
       std::vector<std::pair<fs::path, std::string>>{{VaultFile(), "secret"},
                                                     {VaultFile(), "access"},
                                                     {VaultFile(), "outcome"},
                                                     {VaultFile(), "silence"},
                                                     {VaultFile(), "silence_decision"},
                                                     {VaultFile(), "opening"},
                                                     {ChoiceVaultFile(), "choice"}}) {
    const std::string whole = BytesOfFile(file);
    std::string sealed;
    {
      auto store = storage::Sqlite::Open(file).value();
      auto query = store.Prepare("SELECT sealed FROM " + table + " LIMIT 1").value();
      ASSERT_TRUE(query.Step().value());
      sealed = query.Blob(0);
    }
    const std::size_t at = whole.find(sealed);
    ASSERT_NE(at, std::string::npos);
    for (std::size_t i = 0; i < sealed.size(); i += sealed.size() / 7) {
      std::string changed = whole;
      changed[at + i] = static_cast<char>(changed[at + i] ^ 1);
      std::ofstream(file, std::ios::binary | std::ios::trunc) << changed;
      const auto ledger = Open();
      const Status found = ledger ? ledger->Verify() : Status(std::unexpected(ledger.error()));
      ASSERT_FALSE(found) << table << " " << i;
      EXPECT_EQ(found.error().code, ErrorCode::kCorruption) << table << " " << i;
    }
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole;
  }
  EXPECT_TRUE(Open().value().Verify());
}

}  // namespace
}  // namespace candour::ledger
