#include "intake/source_path.h"

#include <algorithm>
#include <system_error>

namespace candour::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPostgresEntry = "postgresql:";

bool IsInside(const fs::path& file, const fs::path& folder) {
  const auto [end_of_folder, rest] =
      std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
  // A folder written with a slash at its end has an empty last part.
  return (end_of_folder == folder.end() || end_of_folder->empty()) && rest != file.end();
}

bool IsInAllowedFolder(const fs::path& file, const AllowedSources& allowed) {
  return std::ranges::any_of(allowed.entries, [&](const std::string& entry) {
    if (entry.starts_with(kPostgresEntry)) return false;
    std::error_code error;
    const fs::path folder = fs::canonical(allowed.home_dir / entry, error);
    return !error && IsInside(file, folder);
  });
}

bool IsInState(const fs::path& file, const AllowedSources& allowed) {
  std::error_code error;
  const fs::path state = fs::canonical(allowed.state_dir, error);
  return !error && IsInside(file, state);
}

}  // namespace

Result<fs::path> ResolveSourceFile(const catalogue::Dataset& dataset,
                                   const AllowedSources& allowed) {
  const std::string& location = dataset.source.location;
  std::error_code error;
  // Missing parts are allowed here, so that what lies outside is refused whether it exists or not.
  const fs::path file = fs::weakly_canonical(allowed.home_dir / location, error);
  if (error || !IsInAllowedFolder(file, allowed) || IsInState(file, allowed)) {
    return Fail(Error{.code = ErrorCode::kSourceNotAllowed,
                      .message = "the source of " + dataset.name + " is not in an allowed folder",
                      .where = dataset.where,
                      .expected = "a file under a folder of sources.allow",
                      .found = location,
                      .fix_by = "whoever may change candour.yaml"});
  }
  if (!fs::is_regular_file(file, error) ||
      file.string().find_first_of("*?[") != std::string::npos) {
    return Fail(Error{.code = ErrorCode::kDataInvalid,
                      .message = "the source of " + dataset.name + " is not a file to read",
                      .where = dataset.where,
                      .expected = "one plain file, its name without * ? [",
                      .found = location,
                      .next = "put the file there, or correct the contract's server location"});
  }
  return file;
}

bool AllowsPostgresHost(const AllowedSources& allowed, std::string_view host) {
  return std::ranges::any_of(allowed.entries, [&](const std::string& entry) {
    return entry.starts_with(kPostgresEntry) &&
           std::string_view(entry).substr(kPostgresEntry.size()) == host;
  });
}

}  // namespace candour::intake
