#include <gtest/gtest.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/encoding.h"
#include "ledger/commitment.h"
#include "ledger/ledger_fixture.h"
#include "ledger/log.h"
#include "ledger/receipt.h"
#include "ledger/set_prover.h"
#include "ledger/set_store.h"
#include "ledger/vault.h"
#include "storage/faulty_filesystem.h"

namespace candour::ledger {
namespace {

namespace fs = std::filesystem;

class ErasureTest : public LedgerTest {
 protected:
  Result<Ledger> OpenProving() const {
    LedgerSettings settings = TestSettings(Folder());
    settings.prove_sets = true;
    return Ledger::Open(settings, clock_);
  }

  /// Whether the ledger shows that the record was in the set, checked as the person would.
  static std::optional<bool> WasIn(Ledger& ledger, const SetId& set, std::uint32_t record) {
    const auto membership = ledger.ProveMembership(set, record);
    if (!membership) return std::nullopt;
    crypto::Secret key(membership->member_key.size());
    std::ranges::copy(membership->member_key, key.Fill());
    const SetTreeHalf& tree = membership->tree;
    EXPECT_TRUE(CheckMembership(membership->proof, LeafOf(key, set), tree.height, tree.root));
    const Entry entry = ledger.Read(LogName::kAccesses, tree.entry, 1).value().at(0);
    EXPECT_EQ(nlohmann::json::parse(entry.payload)["body"]["set"], set.hex);
    return membership->proof.member;
  }

  /// All bytes that the ledger keeps, file by file.
  std::string AllBytes() const {
    std::string bytes;
    for (const auto& file : fs::recursive_directory_iterator(Folder())) {
      if (file.is_regular_file()) bytes += BytesOfFile(file.path());
    }
    return bytes;
  }
};

TEST_F(ErasureTest, EverySetHasOneTreeOnceItIsReferredTo) {
  Ledger ledger = OpenProving().value();
  const SetId first = ledger.StoreSet(SetOf({1, 5, 70'000})).value();
  const SetId second = ledger.StoreSet(SetOf({2})).value();
  const std::uint64_t started = ledger.Started(Access(first)).value();
  ASSERT_TRUE(ledger.Started(Access(first)));
  ASSERT_TRUE(ledger.Finished(started, second, 1, "released"));
  ASSERT_TRUE(ledger.WaitForTrees());
  EXPECT_EQ(ledger.size(LogName::kAccesses), 5U);
  EXPECT_EQ(WasIn(ledger, first, 5), true);
  EXPECT_EQ(WasIn(ledger, first, 70'000), true);
  EXPECT_EQ(WasIn(ledger, first, 2), false);
  EXPECT_EQ(WasIn(ledger, second, 2), true);
  EXPECT_TRUE(ledger.Verify());
}

TEST_F(ErasureTest, TreesThatWereNotMadeAreMadeOnOpening) {
  SetId set;
  {
    Ledger ledger = Open().value();
    set = ledger.StoreSet(SetOf({3})).value();
    ASSERT_TRUE(ledger.Started(Access(set)));
    EXPECT_EQ(ledger.ProveMembership(set, 3).error().code, ErrorCode::kNotFound);
  }
  Ledger ledger = OpenProving().value();
  ASSERT_TRUE(ledger.WaitForTrees());
  EXPECT_EQ(WasIn(ledger, set, 3), true);
}

TEST_F(ErasureTest, ErasesOneAndLeavesEverybodyElsesProofs) {
  Ledger ledger = OpenProving().value();
  const SetId set = ledger.StoreSet(SetOf({1, 2, 3})).value();
  const SetId other = ledger.StoreSet(SetOf({1, 3})).value();
  const std::uint64_t started = ledger.Started(Access(set)).value();
  ASSERT_TRUE(ledger.Started(Access(other)));
  const std::uint64_t choice = ledger.Chosen("p-ann", {{"person", "p-ann"}}).value();
  const std::uint64_t kept = ledger.Chosen("p-bea", {{"person", "p-bea"}}).value();
  ASSERT_TRUE(ledger.WaitForTrees());
  const std::string receipt = ledger.Receipt(LogName::kAccesses, started).value();
  const std::string file = BytesOfFile(Folder() / "sets" / (set.hex + ".set"));

  ASSERT_TRUE(ledger.Erase("p-ann", {2}));
  EXPECT_EQ(WasIn(ledger, set, 2), std::nullopt);
  EXPECT_TRUE(ledger.AccessesOf({2}).value().empty());
  EXPECT_EQ(WasIn(ledger, set, 1), true);
  EXPECT_EQ(WasIn(ledger, set, 3), true);
  EXPECT_EQ(WasIn(ledger, set, 4), false);
  EXPECT_EQ(ledger.AccessesOf({1}).value().size(), 2U);
  EXPECT_TRUE(ledger.Verify());
  // Receipts from before hold; what she chose opens no more; others' choices do.
  const auto key = ledger.log(LogName::kAccesses).key();
  EXPECT_TRUE(CheckReceipt(receipt, {.origin = key.name(), .log_keys = {key}}));
  const auto opened = [&](std::uint64_t entry) {
    return nlohmann::json::parse(ledger.Copy(LogName::kChoices, entry).value())["openings"].size();
  };
  EXPECT_EQ(opened(choice), 0U);
  EXPECT_EQ(opened(kept), 1U);
  EXPECT_TRUE(ledger.ChoicesOf("p-ann").value().empty());
}

// Who has all that is kept, and knows whom to look for, tries to show that record 2 was in the set.
TEST_F(ErasureTest, WhatIsKeptDoesNotTellWhoWasErased) {
  SetId set;
  std::string salt;
  {
    Ledger ledger = OpenProving().value();
    set = ledger.StoreSet(SetOf({1, 2, 3})).value();
    ASSERT_TRUE(ledger.Started(Access(set)));
    ASSERT_TRUE(ledger.Chosen("p-ann", {{"person", "p-ann"}}));
    ASSERT_TRUE(ledger.WaitForTrees());
    salt = Vault::Open(Folder() / "vault.db", TestSettings(Folder()).vault_key)
               .value()
               .SetSalt()
               .value()
               .Reveal();
    ASSERT_TRUE(ledger.Erase("p-ann", {2}));
  }
  // The old salt would let the set's id be computed again with her in it.
  Ledger again = OpenProving().value();
  EXPECT_NE(again.StoreSet(SetOf({1, 2, 3})).value(), set);
  const std::string bytes = AllBytes();
  EXPECT_EQ(bytes.find("p-ann"), std::string::npos);
  EXPECT_EQ(bytes.find(salt), std::string::npos);
  const Bitmap left = again.LoadSet(set).value();
  EXPECT_EQ(left, SetOf({1, 3}));
  // One leaf stands for her, and the key under which it could be told to be hers is gone.
  std::set<MemberLeaf> leaves;
  const std::string file = BytesOfFile(Folder() / "sets" / (set.hex + ".set"));
  for (std::size_t at = 0; at + sizeof(MemberLeaf) <= file.size(); ++at) {
    MemberLeaf leaf;
    std::copy_n(file.begin() + std::ptrdiff_t(at), leaf.size(), leaf.begin());
    leaves.insert(leaf);
  }
  const auto keys = MemberKeys::Open(storage::MachineFilesystem(), Folder() / "member_keys",
                                     TestSettings(Folder()).vault_key)
                        .value();
  std::vector<std::uint32_t> kept;
  ASSERT_TRUE(keys->Each(std::array{1U, 2U, 3U}, [&](std::uint32_t record, const auto& key) {
    kept.push_back(record);
    EXPECT_FALSE(leaves.contains(LeafOf(key, set))) << record;
  }));
  EXPECT_EQ(kept, (std::vector<std::uint32_t>{1, 3})) << "her key is destroyed";
}

TEST_F(ErasureTest, AnotherSetUnderTheSameIdIsFound) {
  Ledger ledger = OpenProving().value();
  const SetId set = ledger.StoreSet(SetOf({1, 2, 3})).value();
  ASSERT_TRUE(ledger.Started(Access(set)));
  ASSERT_TRUE(ledger.WaitForTrees());
  ASSERT_TRUE(ledger.Verify());
  // Somebody with all keys forges the set: only the recorded root can tell.
  Vault vault = Vault::Open(Folder() / "vault.db", TestSettings(Folder()).vault_key).value();
  SetStore sets(storage::MachineFilesystem(), Folder() / "sets", vault.SetSalt().value());
  sets.Await(vault.SetSalt().value());
  ASSERT_TRUE(sets.Keep(set, {.records = SetOf({1, 3})}));
  EXPECT_EQ(ledger.Verify().error().code, ErrorCode::kLedgerCorrupt);
}

TEST_F(ErasureTest, AnErasureCutOffAnywhereIsRunAgainAndLosesNothing) {
  for (std::uint64_t operation = 0;; ++operation) {
    fs::remove_all(root_);
    fs::create_directories(Folder());
    storage::FaultyFilesystem files;
    SetId set;
    bool struck = false;
    {
      Ledger ledger = Open(files).value();
      set = ledger.StoreSet(SetOf({1, 2})).value();
      ASSERT_TRUE(ledger.StoreSet(SetOf({2, 9})));
      ASSERT_TRUE(ledger.Started(Access(set)));
      files.FailAt(files.operations() + operation, storage::Fault::kIoError);
      struck = !ledger.Erase("p-ann", {2});
    }
    files.PowerCycle();
    Ledger ledger = Open(files).value();
    if (struck) {
      ASSERT_TRUE(ledger.Erase("p-ann", {2})) << operation;
    }
    EXPECT_EQ(ledger.LoadSet(set).value(), SetOf({1}));
    EXPECT_TRUE(ledger.AccessesOf({2}).value().empty());
    EXPECT_TRUE(ledger.Verify());
    if (!struck) break;
  }
}

}  // namespace
}  // namespace candour::ledger
