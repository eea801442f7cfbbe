#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "catalogue/dataset.h"
#include "crypto/secret.h"

namespace candour::intake {

/// Receives a row's record number and its fields as text, in the order they were asked for.
using FieldSink = std::function<Status(RecordNo record, const std::vector<std::string>& values)>;

/// Reads some fields of every row of the dataset's current version, in the order of the records:
/// what an import of a unit's own flags reads. Null is "", times are RFC 3339 in UTC.
///
/// Inside only: this passes no door, so nothing of it may leave. Errors: kDatasetEmpty,
/// kInvalidArgument (a dataset without people), kNotFound (no such field), kDataInvalid (the
/// version was adopted before the contract had the field), kCorruption, and the sink's own. Cost:
/// one scan; rows are not kept.
Status ReadFields(const std::filesystem::path& state_dir, const catalogue::Dataset& dataset,
                  const std::vector<std::string>& fields, const crypto::Secret& key_encryption_key,
                  const FieldSink& row);

}  // namespace candour::intake
