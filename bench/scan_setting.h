#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/access.h"
#include "ledger/ledger.h"
#include "scan_data.h"

namespace candour::bench {

/// An organisation over the generated data, with what stands behind the door: declarations, people,
/// choices and a ledger of its own, made anew. Only declarations and people are not read from disk.
class ScanSetting {
 public:
  static Result<std::unique_ptr<ScanSetting>> Open(const ScanData& data, const ScanSize& size);

  /// What the door reads.
  gate::Setting Setting();

  /// One access under the use "sales-insight": figures, at least ten people behind each.
  Result<engine::Table> Ask(const std::string& sql, gate::AccessReport& report);

  /// The set of the people who permit the use. Cost: what the door pays before it runs a statement.
  Status OpenPermitted();

 private:
  ScanSetting(const ScanData& data, const ScanSize& size);

  ScanData data_;
  std::vector<catalogue::Unit> units_;
  std::vector<consent::Purpose> purposes_;
  std::vector<catalogue::Dataset> datasets_;
  std::vector<policy::Use> uses_;
  std::shared_ptr<const people::PersonMap> people_;
  std::optional<consent::ChoiceStore> choices_;
  std::optional<ledger::Ledger> ledger_;
  crypto::Secret key_;
  gate::Standby standby_;
};

}  // namespace candour::bench
