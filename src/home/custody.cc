#include "home/custody.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>

#include "crypto/key_store.h"
#include "crypto/random.h"

namespace candour::home {

namespace fs = std::filesystem;

fs::path KeyNote(const fs::path& state_dir) { return state_dir / "key_file"; }

Result<fs::path> MakeKey(const fs::path& home_dir) {
  fs::path file;
  if (auto named = crypto::KeyFileFromEnvironment()) {
    file = *named;
  } else {
    const char* user_home = std::getenv("HOME");
    const std::string id = crypto::RandomCrockford(8);
    file = fs::path(user_home == nullptr ? "." : user_home) / ".config" / "candour" /
           fmt::format("{}-{}.key", fs::absolute(home_dir).filename().string(), id);
  }
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error)
    return Fail(ErrorCode::kIo, fmt::format("cannot make the folder of {}", file.string()));
  CANDOUR_TRY(crypto::CreateRootKey(file));
  std::ofstream note(KeyNote(home_dir / "state"));
  note << fs::absolute(file).string() << '\n';
  note.close();
  if (!note) return Fail(ErrorCode::kIo, "cannot note where the key is in state/");
  return file;
}

Result<fs::path> FindKeyFile(const fs::path& state_dir) {
  if (auto named = crypto::KeyFileFromEnvironment()) return *named;
  std::ifstream note(KeyNote(state_dir));
  std::string path;
  if (std::getline(note, path) && !path.empty()) return fs::path(path);
  return Fail(Error{.code = ErrorCode::kNotFound,
                    .message = "the home's root key is not known",
                    .expected = "CANDOUR_KEY_FILE naming the key file that init made",
                    .next = "export CANDOUR_KEY_FILE=…"});
}

namespace {

/// What the environment names, else a file beside the key with an ending of its own.
fs::path NamedOrBeside(const char* variable, fs::path key_file, const char* ending) {
  const char* named = std::getenv(variable);
  if (named != nullptr && *named != '\0') return named;
  return key_file.replace_extension(ending);
}

}  // namespace

fs::path CheckpointFile(const fs::path& key_file) {
  return NamedOrBeside("CANDOUR_CHECKPOINT_FILE", key_file, ".checkpoints");
}

fs::path BreakGlassFolder(const fs::path& key_file) {
  return NamedOrBeside("CANDOUR_BREAK_GLASS_FILE", key_file, ".break-glass");
}

}  // namespace candour::home
