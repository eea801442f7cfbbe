#include "governed/fixture_home.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>

#include "crypto/key_store.h"
#include "home/custody.h"
#include "home/home.h"
#include "home/load.h"

namespace candour::governed {
namespace {

namespace fs = std::filesystem;

/// A folder that goes when the program ends; holds the made homes and their key.
const fs::path& Workshop() {
  struct Folder {
    fs::path path;
    Folder() {
      std::string pattern = (fs::temp_directory_path() / "governed-XXXXXX").string();
      if (::mkdtemp(pattern.data()) != nullptr) path = pattern;
    }
    ~Folder() {
      std::error_code ignored;
      if (!path.empty()) fs::remove_all(path, ignored);
    }
  };
  static const Folder kFolder;
  return kFolder.path;
}

/// Beside the home, not in it.
fs::path KeyOf(fs::path dir) { return dir += ".key"; }

void NoteKey(const fs::path& dir) {
  std::ofstream(home::KeyNote(dir / "state")) << KeyOf(dir).string() << '\n';
}

Status Adopt(home::Home& open, const catalogue::Dataset& dataset) {
  CANDOUR_ASSIGN(const home::AdoptResult adopted, open.AdoptDataset(dataset.name, [](double) {}));
  if (adopted.report.rows == 0 || !adopted.report.quarantined.empty()) {
    return Fail(ErrorCode::kDataInvalid, "a row of the fixture breaks its contract");
  }
  return {};
}

Status Fill(const fs::path& dir) {
  CANDOUR_ASSIGN(const home::Reading reading, home::LoadHome(dir));
  if (!reading.ok()) return Fail(reading.errors.front());
  CANDOUR_ASSIGN(const UtcTime now, ParseTime(kUsualTime));
  const FixedClock clock(now);
  CANDOUR_ASSIGN(home::Home open, home::Home::Open(dir, clock));
  CANDOUR_TRY(open.Apply(reading.declarations, {.principal = "steward", .os_user = "tests"}));
  // Datasets without people may be look-ups of the others.
  for (const bool people : {false, true}) {
    for (const catalogue::Dataset& dataset : open.in_force().datasets) {
      if (dataset.HasPeople() == people) CANDOUR_TRY(Adopt(open, dataset));
    }
  }
  return {};
}

Result<fs::path> MakeFirst(const std::string& name) {
  const fs::path source = fs::path(CANDOUR_SOURCE_DIR) / "tests/governed/homes" / name;
  if (!fs::is_directory(source) || Workshop().empty()) {
    return Fail(ErrorCode::kNotFound, "no fixture home has that name");
  }
  const fs::path dir = Workshop() / name;
  fs::copy(source, dir, fs::copy_options::recursive);
  fs::create_directory(dir / "state");
  fs::permissions(dir / "state", fs::perms::owner_all);
  CANDOUR_TRY(crypto::CreateRootKey(KeyOf(dir)));
  NoteKey(dir);
  CANDOUR_TRY(Fill(dir));
  return dir;
}

/// A copy that goes its own way: its key is its own, and so is the store of what was signed.
fs::path CopyOf(const fs::path& first, const fs::path& dir) {
  fs::copy(first, dir, fs::copy_options::recursive);
  fs::permissions(dir / "state", fs::perms::owner_all);
  fs::copy(KeyOf(first), KeyOf(dir));
  fs::permissions(KeyOf(dir), fs::perms::owner_read | fs::perms::owner_write);
  fs::copy(home::CheckpointFile(KeyOf(first)), home::CheckpointFile(KeyOf(dir)));
  NoteKey(dir);
  return dir;
}

}  // namespace

Result<FixtureHome> FixtureHome::Make(const std::string& name) {
  static std::map<std::string, fs::path> made;
  static int copies = 0;
  try {
    if (!made.contains(name)) {
      CANDOUR_ASSIGN(fs::path first, MakeFirst(name));
      made.emplace(name, std::move(first));
    }
    const std::string copy = std::string(name).append("-").append(std::to_string(++copies));
    return FixtureHome(CopyOf(made.at(name), Workshop() / copy));
  } catch (const fs::filesystem_error& error) {
    return Fail(ErrorCode::kIo, error.what());
  }
}

FixtureHome::FixtureHome(FixtureHome&& other) noexcept
    : dir_(std::exchange(other.dir_, fs::path())) {}

FixtureHome::~FixtureHome() {
  std::error_code ignored;
  if (!dir_.empty()) fs::remove_all(dir_, ignored);
}

}  // namespace candour::governed
