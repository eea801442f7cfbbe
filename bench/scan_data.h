#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/ids.h"
#include "base/result.h"
#include "people/person_map.h"

namespace candour::bench {

/// How much is generated.
struct ScanSize {
  std::int64_t rows = 50'000'000;
  std::int64_t people = 5'000'000;
};

/// Every tenth person is known by two records.
std::int64_t RecordsOf(const ScanSize& size);

/// The generated data of the scan benchmark, on disk under one folder:
///
/// - `state/data/shop.sales`: a dataset version as adopting makes it, one row per sale, by record;
///   beside the fields the rows carry their person, for the peers that need it.
/// - `state/data/shop.stores`: 300 stores in 12 regions, a dataset without people.
/// - `state/choices.db`: one choice for each person; four in five consent, the others object.
/// - `peer.duckdb`: the same rule as tables: consent(person, permitted), record(record, person).
///
/// Nothing is drawn by chance: equal sizes give equal data.
struct ScanData {
  std::filesystem::path folder;
  std::filesystem::path state_dir() const { return folder / "state"; }
  std::filesystem::path peer_file() const { return folder / "peer.duckdb"; }
};

/// Opens the data of that size under `root`, making it first when it is not there, with a line of
/// progress on standard error for each step. Cost: 50 M rows in about a minute, 470 MB.
Result<ScanData> OpenScanData(const std::filesystem::path& root, const ScanSize& size);

/// The people of the data, in memory: what Register::Map would give.
std::shared_ptr<const people::PersonMap> MakePeople(const ScanSize& size);

}  // namespace candour::bench
