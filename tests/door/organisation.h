#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gate/access.h"
#include "ledger/ledger.h"
#include "people/register.h"

namespace candour::door {

/// What one who asks can see of an answer.
struct Answer {
  std::optional<Error> error;
  gate::AccessReport report;
  std::vector<engine::Column> columns;
  std::vector<std::vector<engine::Value>> rows;
  std::vector<std::vector<gate::Protection>> protections;

  bool ok() const { return !error; }
};

/// An organisation in a temporary folder, with everything behind the door and no declarations to
/// read: tests fill in the rules, people, choices and data. It goes with the object.
class Organisation {
 public:
  Organisation();
  Organisation(const Organisation&) = delete;
  Organisation& operator=(const Organisation&) = delete;
  ~Organisation();

  std::vector<catalogue::Unit> units;
  std::vector<consent::Purpose> purposes;
  std::vector<catalogue::Dataset> datasets;
  std::vector<policy::Use> uses;
  FixedClock clock{UtcTime{1'800'000'000'000'000}};

  people::Register& people() { return *register_; }
  consent::ChoiceStore& choices() { return *choices_; }
  ledger::Ledger& ledger() { return *ledger_; }
  const crypto::Secret& key() const { return key_; }

  /// What the door reads, as of now.
  gate::Setting Setting();

  /// Keeps the data of different editions apart: the same organisation with other rows.
  void SetEdition(const std::string& edition);

  /// Makes `select` the next version of the dataset: its columns are _record (in a dataset with
  /// people), _category (where the contract declares one) and the fields, in that order.
  void Publish(std::string_view dataset, const std::string& select);

  /// One access through the door.
  Answer Ask(std::string_view use, const std::string& sql, std::string_view principal = "analyst");

 private:
  std::filesystem::path dir_;
  std::filesystem::path data_dir_;
  std::optional<people::Register> register_;
  std::optional<consent::ChoiceStore> choices_;
  std::optional<ledger::Ledger> ledger_;
  crypto::Secret key_;
  std::map<std::filesystem::path, int> versions_;
};

/// Stops the test program when `result` is an error: for what a test only prepares.
template <class T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().ToString());
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

}  // namespace candour::door
