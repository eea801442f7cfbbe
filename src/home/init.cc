#include "home/init.h"

#include <fstream>
#include <system_error>

namespace candour::home {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIgnore =
    "# What Candour keeps for itself: never in version control.\nstate/\n";

Status WriteFile(const fs::path& dir, const DeclarationFile& file) {
  const fs::path path = dir / file.path;
  std::error_code failure;
  fs::create_directories(path.parent_path(), failure);
  std::ofstream stream(path, std::ios::binary);
  stream << file.text;
  stream.close();
  if (failure || !stream) {
    return Fail(ErrorCode::kIo, "a file of the new home could not be written: " + path.string());
  }
  return {};
}

Status CheckFree(const fs::path& dir) {
  std::error_code failure;
  if (!fs::exists(dir, failure)) return {};
  if (fs::is_directory(dir, failure) && fs::is_empty(dir, failure) && !failure) return {};
  return Fail(Error{.code = ErrorCode::kConflict,
                    .message = "a home can only be made in a new or empty folder: " + dir.string()}
                  .Next("name a folder that does not exist yet"));
}

}  // namespace

Status MakeState(const fs::path& dir) {
  std::error_code failure;
  const fs::path state = dir / "state";
  fs::create_directory(state, failure);
  if (!failure) fs::permissions(state, fs::perms::owner_all, failure);
  if (failure) {
    return Fail(ErrorCode::kIo, "the state folder could not be made: " + state.string());
  }
  return {};
}

Status InitHome(const fs::path& dir) {
  CANDOUR_TRY(CheckFree(dir));
  std::error_code failure;
  fs::create_directories(dir, failure);
  if (failure) return Fail(ErrorCode::kIo, "the folder could not be made: " + dir.string());
  CANDOUR_TRY(MakeState(dir));
  CANDOUR_TRY(WriteFile(dir, {.path = ".gitignore", .text = std::string(kIgnore)}));
  for (const DeclarationFile& file : ExampleData()) CANDOUR_TRY(WriteFile(dir, file));
  for (const DeclarationFile& file : ExampleDeclarations()) CANDOUR_TRY(WriteFile(dir, file));
  return {};
}

}  // namespace candour::home
