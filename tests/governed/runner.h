#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "governed/fixture_home.h"
#include "governed/script.h"
#include "home/home.h"

namespace candour::governed {

/// Runs the steps of a golden file against its home, and says what did not come out as written.
class Runner {
 public:
  explicit Runner(const Script& script) : script_(script) {}

  /// One sentence for each step that failed, with file and line; empty when all is as written.
  std::vector<std::string> Run();

 private:
  struct Answer {
    std::vector<std::string> columns;
    std::vector<std::string> rows;
    std::optional<Error> error;
  };

  Status RunStep(const Step& step);
  Status Open(const std::string& name);
  Status Reopen();
  std::uint64_t LedgerSize();
  Result<RecordNo> RecordOf(const std::string& key_space, const std::string& key);
  Result<RecordNo> RecordOf(const std::string& person) const;
  Result<PersonId> PersonOf(const std::string& person);
  Status Choose(const Step& step, consent::Evidence evidence);
  Status SetClock(const Step& step);
  Status WriteData(const Step& step);
  Status Ask(const std::string& sql);
  Status CheckRows(const Step& step) const;
  Status CheckDenied(const Step& step) const;
  Status CheckLedger(const Step& step);
  Status CheckAccesses(const Step& step);

  const Script& script_;
  std::optional<FixtureHome> folder_;
  std::optional<FixedClock> clock_;
  std::optional<home::Home> home_;
  std::map<std::string, RecordNo> people_;
  std::string principal_;
  std::string use_;
  Answer answer_;
  std::uint64_t ledger_size_ = 0;
};

}  // namespace candour::governed
