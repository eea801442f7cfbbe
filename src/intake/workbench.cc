#include "intake/workbench.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <system_error>

#include "crypto/key_store.h"
#include "crypto/random.h"
#include "intake/sealed_version.h"
#include "storage/filesystem.h"

namespace candour::intake {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStagingFile = "staging.duckdb";
constexpr std::string_view kSpillFolder = "spill";

void RemoveStaging(const fs::path& folder) {
  std::error_code ignored;
  fs::remove(folder / kStagingFile, ignored);
  fs::remove(folder / (std::string(kStagingFile) + ".wal"), ignored);
  fs::remove_all(folder / kSpillFolder, ignored);
}

/// The number after "Line: " or "in line " in the engine's text: the one part of it that cannot
/// hold data.
int LineIn(std::string_view text) {
  for (const std::string_view mark : {"Line: ", "in line "}) {
    const size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    int line = 0;
    const char* begin = text.data() + at + mark.size();
    if (std::from_chars(begin, text.data() + text.size(), line).ec == std::errc{}) return line;
  }
  return 0;
}

/// What the machine could not give, judged by the engine's own prefix; nothing for other errors.
std::optional<ErrorCode> MachineCause(std::string_view text) {
  if (text.starts_with("Out of Memory Error")) return ErrorCode::kExhausted;
  if (text.find("No space left on device") != std::string_view::npos) return ErrorCode::kIo;
  return std::nullopt;
}

Error RunError(const Error& engine, std::string_view step) {
  if (engine.code != ErrorCode::kDataInvalid) return engine;
  const bool is_io = engine.message.starts_with("IO Error");
  return Error{
      .code = MachineCause(engine.message).value_or(is_io ? ErrorCode::kIo : ErrorCode::kInternal),
      .message = fmt::format("adopting stopped while {}", step)};
}

Error ReadError(const Error& engine, std::string_view step) {
  if (engine.code != ErrorCode::kDataInvalid) return engine;
  Error error{.code = MachineCause(engine.message).value_or(ErrorCode::kDataInvalid),
              .message = fmt::format("the source could not be read: {}", step)};
  if (const int line = LineIn(engine.message); line > 0) {
    error.found = fmt::format("the first trouble is at line {}", line);
  }
  return error;
}

std::vector<std::vector<std::string>> TextsOf(const engine::Table& table) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& values : table.rows) {
    std::vector<std::string>& row = rows.emplace_back();
    for (const engine::Value& value : values) row.push_back(engine::ToText(value));
  }
  return rows;
}

}  // namespace

Workbench::Workbench(fs::path folder, engine::SealedFile staging, engine::SealedFile spill,
                     engine::Database database, int threads)
    : folder_(std::move(folder)),
      staging_(std::move(staging)),
      spill_(std::move(spill)),
      database_(std::make_unique<engine::Database>(std::move(database))),
      threads_(threads) {}

Workbench::~Workbench() {
  if (database_ == nullptr) return;
  database_.reset();
  RemoveStaging(folder_);
}

Result<Workbench> Workbench::Open(const fs::path& folder, const engine::Limits& limits) {
  RemoveStaging(folder);
  const fs::path spill_folder = folder / kSpillFolder;
  CANDOUR_TRY(storage::MachineFilesystem().MakeDirectory(spill_folder));
  CANDOUR_ASSIGN(
      engine::SealedFile staging,
      engine::SealedFile::Create(folder / kStagingFile, crypto::RandomSecret(crypto::kKeySize)));
  CANDOUR_ASSIGN(
      engine::SealedFile spill,
      engine::SealedFile::CreateIn(spill_folder, crypto::RandomSecret(crypto::kKeySize)));
  CANDOUR_ASSIGN(engine::Database database, engine::Database::Open(limits));
  Workbench bench(folder, std::move(staging), std::move(spill), std::move(database),
                  limits.threads);
  // The engine would otherwise spill into the working folder, and read times by the local zone.
  CANDOUR_TRY(
      bench.Run("setting up the engine", fmt::format("SET temp_directory={}; SET TimeZone='UTC'",
                                                     engine::QuoteLiteral(spill_folder.string()))));
  CANDOUR_TRY(bench.AttachNew(bench.staging_, "stage"));
  return bench;
}

Status Workbench::Run(std::string_view step, std::string_view sql) {
  const Status done = database_->Run(sql);
  if (!done) return Fail(RunError(done.error(), step));
  return {};
}

Status Workbench::Read(std::string_view step, std::string_view sql) {
  const Status done = database_->Run(sql);
  if (!done) return Fail(ReadError(done.error(), step));
  return {};
}

Result<std::vector<std::vector<std::string>>> Workbench::Rows(std::string_view step,
                                                              std::string_view sql) {
  const Result<engine::Table> table = database_->Query(sql);
  if (!table) return Fail(RunError(table.error(), step));
  return TextsOf(*table);
}

Result<std::vector<std::vector<std::string>>> Workbench::ReadRows(std::string_view step,
                                                                  std::string_view sql) {
  const Result<engine::Table> table = database_->Query(sql);
  if (!table) return Fail(ReadError(table.error(), step));
  return TextsOf(*table);
}

Result<std::int64_t> Workbench::Count(std::string_view step, std::string_view sql) {
  const Result<engine::Table> table = database_->Query(sql);
  if (!table) return Fail(RunError(table.error(), step));
  if (table->rows.size() != 1 || !std::holds_alternative<std::int64_t>(table->rows[0][0])) {
    return Fail(ErrorCode::kInternal, "a count was not one number");
  }
  return std::get<std::int64_t>(table->rows[0][0]);
}

Status Workbench::Stream(std::string_view step, std::string_view sql, const engine::RowSink& row) {
  std::optional<Error> from_sink;
  const Status done = database_->Stream(
      sql, [](const auto&) -> Status { return {}; },
      [&](const std::vector<engine::Value>& values) -> Status {
        Status taken = row(values);
        if (!taken) from_sink = taken.error();
        return taken;
      });
  if (from_sink) return Fail(*from_sink);
  if (!done) return Fail(RunError(done.error(), step));
  return {};
}

Status Workbench::AttachRows(const DatasetVersion& version,
                             const crypto::Secret& key_encryption_key, std::string_view alias) {
  return intake::AttachRows(*database_, version, key_encryption_key, alias);
}

Status Workbench::AttachNew(const engine::SealedFile& file, std::string_view alias) {
  const Status attached = database_->AttachNew(file, alias);
  if (attached) return {};
  return Fail(RunError(attached.error(), "making " + file.path().filename().string()));
}

Status Workbench::RunInOrder(std::string_view step, std::string_view sql) {
  CANDOUR_TRY(Run(step, "SET threads=1"));
  Status done = Run(step, sql);
  CANDOUR_TRY(Run(step, fmt::format("SET threads={}", threads_)));
  return done;
}

}  // namespace candour::intake
