#include "intake/dataset_version.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/encoding.h"
#include "crypto/sha256.h"
#include "intake/present_file.h"
#include "storage/durable_file.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPointer = "current";
constexpr int kPlainFormat = 1;
constexpr int kSealedFormat = 2;

fs::path VersionFile(const fs::path& folder, int number, std::string_view ending) {
  return folder / fmt::format("v{:06}{}", number, ending);
}

std::unexpected<Error> Damaged(std::string_view dataset_name, const fs::path& file) {
  return Fail(Error{
      .code = ErrorCode::kCorruption,
      .message = "the data of a dataset is damaged: " + file.string(),
      .next = fmt::format("restore it from a backup, or `candour adopt {}` again", dataset_name)});
}

/// The hash over all members but the seal itself, so that no changed byte goes unseen.
Result<std::string> SealOf(nlohmann::json pointer) {
  pointer.erase("seal");
  CANDOUR_ASSIGN(const std::string bytes, CanonicalJson(pointer));
  const crypto::Digest digest = crypto::Sha256(bytes);
  return HexEncode(BytesOf(digest));
}

/// Reads the members. Throws nlohmann's exception when one is missing or of another type.
Result<DatasetVersion> VersionOf(const nlohmann::json& pointer) {
  const int format = pointer.at("format").get<int>();
  if (format != kPlainFormat && format != kSealedFormat) {
    return Fail(ErrorCode::kCorruption, "a dataset's pointer is of another format");
  }
  CANDOUR_ASSIGN(const std::string seal, SealOf(pointer));
  if (pointer.at("seal").get<std::string>() != seal) {
    return Fail(ErrorCode::kCorruption, "a dataset's pointer was changed");
  }
  DatasetVersion version{.sealed = format == kSealedFormat,
                         .number = pointer.at("version").get<int>(),
                         .rows = pointer.at("rows").get<std::int64_t>(),
                         .people_records = pointer.at("people_records").get<std::int64_t>(),
                         .quarantined = pointer.at("quarantined").get<std::int64_t>(),
                         .source = pointer.at("source").get<std::string>(),
                         .declared_links = pointer.at("links").get<std::vector<std::string>>()};
  CANDOUR_ASSIGN(version.adopted_at, ParseTime(pointer.at("adopted_at").get<std::string>()));
  return version;
}

Result<DatasetVersion> ReadPointer(std::string_view bytes) {
  CANDOUR_ASSIGN(const nlohmann::json pointer, ParseCanonicalJson(bytes));
  try {
    return VersionOf(pointer);
  } catch (const nlohmann::json::exception&) {
    return Fail(ErrorCode::kCorruption, "a dataset's pointer lacks a member");
  }
}

}  // namespace

fs::path VersionFolder(const fs::path& state_dir, std::string_view dataset_name) {
  return state_dir / "data" / dataset_name;
}

fs::path RowsFile(const fs::path& folder, int number) {
  return VersionFile(folder, number, ".duckdb");
}
fs::path QuarantineFile(const fs::path& folder, int number) {
  return VersionFile(folder, number, ".quarantine.duckdb");
}
fs::path PresentFile(const fs::path& folder, int number) {
  return VersionFile(folder, number, ".present");
}

fs::path KeyFile(const fs::path& folder, int number) { return VersionFile(folder, number, ".key"); }

Result<DatasetVersion> LoadCurrent(const fs::path& state_dir, std::string_view dataset_name) {
  storage::Filesystem& files = storage::MachineFilesystem();
  const fs::path folder = VersionFolder(state_dir, dataset_name);
  const Result<std::string> bytes = files.Read(folder / kPointer);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) {
    return Fail(Error{.code = ErrorCode::kDatasetEmpty,
                      .message = fmt::format("the dataset holds no data yet: {}", dataset_name),
                      .next = fmt::format("candour adopt {}", dataset_name)});
  }
  if (!bytes) return Fail(bytes.error());
  Result<DatasetVersion> version = ReadPointer(*bytes);
  if (!version) return Damaged(dataset_name, folder / kPointer);
  version->dataset = dataset_name;
  version->file = RowsFile(folder, version->number);
  version->quarantine_file = QuarantineFile(folder, version->number);
  std::vector<fs::path> needed = {version->file, version->quarantine_file};
  if (version->sealed) needed.push_back(KeyFile(folder, version->number));
  for (const fs::path& file : needed) {
    CANDOUR_ASSIGN(const bool exists, files.Exists(file));
    if (!exists) return Damaged(dataset_name, file);
  }
  const fs::path present_file = PresentFile(folder, version->number);
  auto present = ReadPresent(files, present_file);
  if (!present) return Damaged(dataset_name, present_file);
  version->present = *std::move(present);
  return version;
}

Status PublishVersion(storage::Filesystem& files, const fs::path& folder,
                      const DatasetVersion& version) {
  nlohmann::json pointer = {{"format", version.sealed ? kSealedFormat : kPlainFormat},
                            {"version", version.number},
                            {"rows", version.rows},
                            {"people_records", version.people_records},
                            {"quarantined", version.quarantined},
                            {"adopted_at", FormatTime(version.adopted_at)},
                            {"source", version.source},
                            {"links", version.declared_links}};
  CANDOUR_ASSIGN(const std::string seal, SealOf(pointer));
  pointer["seal"] = seal;
  CANDOUR_ASSIGN(const std::string bytes, CanonicalJson(pointer));
  return storage::WriteDurably(files, folder / kPointer, bytes);
}

}  // namespace candour::intake
