#include "home/read_flags.h"

#include <algorithm>

#include "consent/mapping_import.h"
#include "intake/read_fields.h"

namespace candour::home {
namespace {

const DeclarationFile* FileOf(const Declarations& declarations, const consent::Mapping& mapping) {
  const std::string path = "mappings/" + mapping.id + ".yaml";
  const auto found = std::ranges::find(declarations.files, path, &DeclarationFile::path);
  return found == declarations.files.end() ? nullptr : &*found;
}

}  // namespace

Result<FlagReading> ReadFlags(const std::filesystem::path& state_dir,
                              const consent::Mapping& mapping, const Declarations& declarations,
                              const crypto::Secret& key_encryption_key, UtcTime now) {
  const catalogue::Dataset* dataset = declarations.FindDataset(mapping.dataset);
  if (dataset == nullptr) {
    return Fail(ErrorCode::kInternal, "a mapping reads a dataset that is not declared");
  }
  std::vector<std::string> fields = {mapping.field};
  if (!mapping.time_field.empty()) fields.push_back(mapping.time_field);
  std::vector<consent::FlagRow> rows;
  CANDOUR_TRY(intake::ReadFields(
      state_dir, *dataset, fields, key_encryption_key,
      [&rows](RecordNo record, const std::vector<std::string>& values) -> Status {
        rows.push_back({record, values[0], values.size() > 1 ? values[1] : ""});
        return {};
      }));
  return FlagReading{.rows = static_cast<std::int64_t>(rows.size()),
                     .choices = consent::ImportFlags(mapping, rows, now)};
}

std::vector<const consent::Mapping*> ChangedMappings(const Declarations& in_force,
                                                     const Declarations& declared) {
  std::vector<const consent::Mapping*> changed;
  for (const consent::Mapping& mapping : declared.mappings) {
    const DeclarationFile* was = FileOf(in_force, mapping);
    const DeclarationFile* is = FileOf(declared, mapping);
    if (was == nullptr || is == nullptr || was->text != is->text) changed.push_back(&mapping);
  }
  return changed;
}

bool WaitsForData(const Error& error) {
  return error.code == ErrorCode::kDatasetEmpty || error.code == ErrorCode::kDataInvalid;
}

}  // namespace candour::home
