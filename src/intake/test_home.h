#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "catalogue/dataset.h"
#include "crypto/secret.h"
#include "intake/adopt.h"
#include "people/register.h"

namespace candour::intake {

/// A home in a temporary folder with a person register and the folder sources/, for tests. It goes
/// with the object.
class TestHome {
 public:
  TestHome();
  TestHome(const TestHome&) = delete;
  TestHome& operator=(const TestHome&) = delete;
  ~TestHome();

  std::filesystem::path dir() const { return dir_; }
  std::filesystem::path state() const { return dir_ / "state"; }
  people::Register& people() { return *people_; }
  FixedClock& clock() { return clock_; }
  const crypto::Secret& key() const { return key_; }

  /// Writes sources/NAME.
  void Write(std::string_view name, std::string_view bytes) const;

  /// Lets the engine write sources/NAME from `select`, e.g. as "parquet".
  void WriteByEngine(std::string_view name, std::string_view select, std::string_view format) const;

  /// Adopts with sources/ allowed.
  Result<AdoptReport> Adopt(const catalogue::Dataset& dataset,
                            const catalogue::Dataset* lookup = nullptr);

  /// The rows that `sql` gives over the dataset's current version, each "a|b|c"; the tables are
  /// rows.… and quarantine.….
  std::vector<std::string> Rows(std::string_view dataset_name, std::string_view sql) const;

  /// The names of the files in the dataset's folder.
  std::vector<std::string> Files(std::string_view dataset_name) const;

 private:
  std::filesystem::path dir_;
  FixedClock clock_;
  crypto::Secret key_{32};
  std::unique_ptr<people::Register> people_;
};

/// The whole text of a file, and back.
std::string ReadWhole(const std::filesystem::path& file);
void WriteWhole(const std::filesystem::path& file, std::string_view bytes);

/// A contract of one CSV file sources/orders.csv with people: card (the key, required), item
/// (required), quantity (integer), price (decimal), day (date), kind (a or b), receipt (unique).
catalogue::Dataset OrdersContract();

}  // namespace candour::intake
