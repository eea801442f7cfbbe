#include "home/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "base/nearest.h"
#include "base/yaml.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;

/// Folders of declarations lie at most this deep: datasets/SCHEMA/TABLE.odcs.yaml.
constexpr int kDeepest = 3;

Error FileError(const std::string& path, std::string message, std::string expected) {
  return Error{.code = ErrorCode::kDeclarationInvalid, .message = std::move(message)}
      .At(Where{.file = path, .line = 1, .column = 1})
      .Expected(std::move(expected))
      .Found(Quoted(path));
}

bool IsLeftAlone(const std::string& name) {
  return name.starts_with('.') || name.starts_with("README") || name.starts_with("LICENSE");
}

bool IsDeclarationFolder(std::string_view name) {
  constexpr std::string_view kFolders[] = {"units", "purposes",   "principals", "datasets",
                                           "uses",  "agreements", "mappings"};
  return std::ranges::find(kFolders, name) != std::end(kFolders);
}

class Loader {
 public:
  explicit Loader(const fs::path& root) : root_(root) {}

  Result<LoadedFiles> Load() {
    std::error_code failure;
    canonical_ = fs::canonical(root_, failure);
    if (failure || !fs::is_directory(canonical_, failure)) {
      return Fail(
          Error{.code = ErrorCode::kHomeMissing, .message = "there is no home at " + root_.string()}
              .Next("candour init DIR makes one"));
    }
    CANDOUR_TRY(Visit(root_, "", 0));
    return std::move(loaded_);
  }

 private:
  Status Visit(const fs::path& dir, const std::string& prefix, int depth) {
    std::error_code failure;
    std::vector<std::string> names;
    for (fs::directory_iterator it(dir, failure), end; !failure && it != end;
         it.increment(failure)) {
      names.push_back(it->path().filename().string());
    }
    if (failure) return Fail(ErrorCode::kIo, "a folder could not be read: " + dir.string());
    std::ranges::sort(names);
    for (const std::string& name : names) {
      if (IsLeftAlone(name) || (depth == 0 && name == "state")) continue;
      CANDOUR_TRY(VisitEntry(dir / name, prefix + name, depth));
    }
    return {};
  }

  Status VisitEntry(const fs::path& entry, const std::string& path, int depth) {
    std::error_code failure;
    const fs::path target = fs::canonical(entry, failure);
    const auto [end, rest] = std::ranges::mismatch(canonical_, target);
    if (failure || end != canonical_.end()) {
      loaded_.errors.push_back(FileError(path, "a link leads out of the home or nowhere",
                                         "a plain file inside the home"));
      return {};
    }
    if (fs::is_directory(target, failure)) return VisitFolder(entry, path, depth);
    if (!fs::is_regular_file(target, failure)) {
      loaded_.errors.push_back(FileError(path, "an entry is no plain file", "a plain file"));
      return {};
    }
    return ReadFile(entry, path);
  }

  Status VisitFolder(const fs::path& entry, const std::string& path, int depth) {
    if (depth == 0 && !IsDeclarationFolder(path)) {
      other_folders_.push_back(path);
      return {};
    }
    if (depth + 1 >= kDeepest) {
      loaded_.errors.push_back(FileError(path, "a folder lies too deep to hold declarations",
                                         "datasets/SCHEMA/TABLE.odcs.yaml at the deepest"));
      return {};
    }
    return Visit(entry, path + "/", depth + 1);
  }

  Status ReadFile(const fs::path& entry, const std::string& path) {
    if (loaded_.files.size() >= kMaxDeclarationFiles) {
      return Fail(ErrorCode::kExhausted, "the home holds more than 10,000 declaration files");
    }
    std::ifstream stream(entry, std::ios::binary);
    // One byte more than allowed is enough to know; the YAML reader says so with its place.
    std::string text(kYamlMaxBytes + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (stream.bad() || (!stream.eof() && stream.fail())) {
      return Fail(ErrorCode::kIo, "a declaration file could not be read: " + path);
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    loaded_.files.push_back(DeclarationFile{.path = path, .text = std::move(text)});
    return {};
  }

 public:
  const std::vector<std::string>& other_folders() const { return other_folders_; }

 private:
  const fs::path& root_;
  fs::path canonical_;
  LoadedFiles loaded_;
  std::vector<std::string> other_folders_;
};

/// The folders that sources.allow names lie in a home by right.
bool IsSourceFolder(const std::string& folder, const std::vector<std::string>& allow) {
  return std::ranges::any_of(allow, [&folder](const std::string& entry) {
    const fs::path path = fs::path(entry).lexically_normal();
    return !path.empty() && *path.begin() == folder;
  });
}

/// What sources.allow says, as far as candour.yaml can be read at all.
std::vector<std::string> AllowedSources(const std::vector<DeclarationFile>& files) {
  const auto file = std::ranges::find(files, "candour.yaml", &DeclarationFile::path);
  std::vector<std::string> allow;
  if (file == files.end()) return allow;
  const auto root = ParseYaml(file->text, file->path);
  const YamlNode* sources = root ? root->Find("sources") : nullptr;
  const YamlNode* list = sources == nullptr ? nullptr : sources->Find("allow");
  if (list == nullptr) return allow;
  for (const YamlNode& item : list->items) allow.push_back(item.text);
  return allow;
}

void ReportOtherFolders(const std::vector<std::string>& folders, LoadedFiles& loaded) {
  const std::vector<std::string> known = {"units", "purposes",   "principals", "datasets",
                                          "uses",  "agreements", "mappings"};
  const std::vector<std::string> allow = AllowedSources(loaded.files);
  for (const std::string& folder : folders) {
    if (IsSourceFolder(folder, allow)) continue;
    loaded.errors.push_back(FileError(folder, "a folder is not one a home knows",
                                      "a folder of declarations, or one under sources.allow")
                                .Next(SuggestName(folder, known)));
  }
}

}  // namespace

Result<LoadedFiles> LoadFiles(const fs::path& dir) {
  try {
    Loader loader(dir);
    CANDOUR_ASSIGN(LoadedFiles loaded, loader.Load());
    ReportOtherFolders(loader.other_folders(), loaded);
    return loaded;
  } catch (const fs::filesystem_error&) {
    return Fail(ErrorCode::kIo, "the home's folder could not be read");
  }
}

Result<Reading> LoadHome(const fs::path& dir) {
  CANDOUR_ASSIGN(LoadedFiles loaded, LoadFiles(dir));
  Reading reading = ReadDeclarations(std::move(loaded.files));
  reading.errors.insert(reading.errors.begin(), std::make_move_iterator(loaded.errors.begin()),
                        std::make_move_iterator(loaded.errors.end()));
  return reading;
}

}  // namespace candour::home
