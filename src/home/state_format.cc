#include "home/state_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "storage/durable_file.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kFirstFormat = 1;  // one journal in ledger/, without home.json

fs::path FileOf(const fs::path& state_dir) { return state_dir / "home.json"; }
fs::path FirstJournal(const fs::path& state_dir) { return state_dir / "ledger" / "journal"; }
fs::path Accesses(const fs::path& state_dir) { return state_dir / "ledger" / "accesses"; }

bool IsThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool HasFiles(const fs::path& folder) {
  std::error_code failure;
  const fs::directory_iterator files(folder, failure);
  return !failure && files != fs::directory_iterator();
}

std::unexpected<Error> Damaged() {
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = "The home's state is damaged: home.json is missing or not whole."}
                  .FixBy("the operator, from a backup"));
}

}  // namespace

bool HasEntries(const fs::path& state_dir) {
  return HasFiles(FirstJournal(state_dir)) || HasFiles(Accesses(state_dir) / "journal") ||
         HasFiles(state_dir / "ledger" / "choices" / "journal");
}

Result<StateFormat> ReadStateFormat(const fs::path& state_dir) {
  storage::Filesystem& files = storage::MachineFilesystem();
  if (!IsThere(FileOf(state_dir))) {
    if (IsThere(FirstJournal(state_dir))) {
      return StateFormat{.format = kFirstFormat, .unsigned_entries = true};
    }
    if (IsThere(Accesses(state_dir))) return Damaged();
    return StateFormat{};
  }
  CANDOUR_ASSIGN(const std::string text, files.Read(FileOf(state_dir)));
  const json noted = json::parse(text, nullptr, false);
  if (!noted.is_object() || !noted.contains("format") || !noted["format"].is_number_integer() ||
      !noted.contains("origin") || !noted["origin"].is_string()) {
    return Damaged();
  }
  const StateFormat format{.format = noted["format"].get<int>(),
                           .origin = noted["origin"].get<std::string>(),
                           .unsigned_entries = noted.contains("unsigned_entries")};
  if (format.format <= kStateFormat) return format;
  return Fail(Error{.code = ErrorCode::kUnsupported,
                    .message = "The home was written by a newer version of Candour."}
                  .Expected(fmt::format("format {} or older", kStateFormat))
                  .Found(fmt::format("format {}", format.format))
                  .Next("install that version"));
}

Status WriteStateFormat(const fs::path& state_dir, const StateFormat& format) {
  json noted = {{"format", format.format}, {"origin", format.origin}};
  if (format.unsigned_entries) noted["unsigned_entries"] = true;
  const std::string text = noted.dump(2).append("\n");
  storage::Filesystem& files = storage::MachineFilesystem();
  if (const auto now = files.Read(FileOf(state_dir)); now && *now == text) return {};
  return storage::WriteDurably(files, FileOf(state_dir), text);
}

Status MigrateState(const fs::path& state_dir, StateFormat& format) {
  // Noted first: were the journal moved before, nothing would tell that nobody signed its entries.
  format.format = kStateFormat;
  CANDOUR_TRY(WriteStateFormat(state_dir, format));
  if (!IsThere(FirstJournal(state_dir))) return {};
  storage::Filesystem& files = storage::MachineFilesystem();
  CANDOUR_TRY(files.MakeDirectory(Accesses(state_dir)));
  CANDOUR_TRY(files.Rename(FirstJournal(state_dir), Accesses(state_dir) / "journal"));
  CANDOUR_TRY(files.SyncDirectory(Accesses(state_dir)));
  return files.SyncDirectory(state_dir / "ledger");
}

}  // namespace candour::home
