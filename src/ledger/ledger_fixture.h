#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "ledger/ledger.h"
#include "ledger/test_settings.h"

namespace candour::ledger {

/// A folder of its own for each test, and the accesses that tests record. For tests only.
class LedgerTest : public testing::Test {
 protected:
  LedgerTest() {
    std::string folder = testing::TempDir() + "candour-ledger-XXXXXX";
    root_ = ::mkdtemp(folder.data());
  }
  ~LedgerTest() override { std::filesystem::remove_all(root_); }

  std::filesystem::path Folder() const { return root_ / "ledger"; }
  Result<Ledger> Open(storage::Filesystem& files = storage::MachineFilesystem()) const {
    return Ledger::Open(TestSettings(Folder(), files), clock_);
  }

  static Bitmap SetOf(std::initializer_list<std::size_t> records) {
    Bitmap set;
    for (const std::size_t record : records) set.Add(record);
    return set;
  }

  static AccessDetail Access(const SetId& available) {
    AccessDetail detail;
    detail.principal = "prudence-the-marketer";
    detail.use = "member-offers";
    detail.purpose = "offers";
    detail.recipient = "Food";
    detail.output = "rows";
    detail.datasets = "members.register,food.transactions";
    detail.statement = "SELECT email FROM members.register WHERE surname = 'Ashworth'";
    detail.os_user = "os-account-of-prudence";
    detail.available = available;
    detail.available_people = 4321;
    return detail;
  }

  static std::string BytesOfFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path JournalFile() const {
    return Folder() / "accesses" / "journal" / "00000000000000000000.journal";
  }

  std::filesystem::path root_;
  FixedClock clock_{UtcTime{1'772'355'600'000'000}};
};

}  // namespace candour::ledger
