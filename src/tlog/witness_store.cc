#include "tlog/witness_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

#include "base/bytes.h"
#include "base/encoding.h"
#include "tlog/checkpoint.h"

namespace candour::tlog {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMaxOriginSize = 1024;  // bytes

constexpr std::string_view kSchema = R"sql(
  CREATE TABLE witness (name TEXT NOT NULL) STRICT;
  CREATE TABLE log_key (
    origin TEXT NOT NULL, vkey TEXT NOT NULL, PRIMARY KEY (origin, vkey)) STRICT;
  CREATE TABLE cosigned (
    origin TEXT PRIMARY KEY, origin_hash TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
    root BLOB NOT NULL, time_s INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
)sql";

constexpr std::string_view kInsert = R"sql(
  INSERT INTO cosigned (size, root, time_s, note, origin, origin_hash)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING)sql";

constexpr std::string_view kUpdate = R"sql(
  UPDATE cosigned SET size = ?1, root = ?2, time_s = ?3, note = ?4
  WHERE origin = ?5 AND size = ?6 AND root = ?7)sql";

std::string OriginHash(std::string_view origin) {
  return HexEncode(BytesOf(crypto::Sha256(origin)));
}

std::unexpected<Error> Damaged(const char* message) {
  return Fail(Error{.code = ErrorCode::kCorruption, .message = message}.Next(
      "keep the folder for inspection; a witness that forgot what it cosigned needs a new key"));
}

bool HasControlCharacter(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

}  // namespace

WitnessStore::WitnessStore(storage::Sqlite store, std::string name)
    : store_(std::move(store)), name_(std::move(name)) {}

Result<WitnessStore> WitnessStore::Create(const std::filesystem::path& file,
                                          std::string_view name) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return Fail(
        Error{.code = ErrorCode::kConflict, .message = "There is a witness in this folder already."}
            .Found(file.filename().string()));
  }
  CANDOUR_ASSIGN(storage::Sqlite store, storage::Sqlite::Open(file));
  CANDOUR_ASSIGN(storage::Transaction transaction, storage::Transaction::Begin(store));
  CANDOUR_TRY(store.Run(kSchema));
  CANDOUR_ASSIGN(storage::Statement insert, store.Prepare("INSERT INTO witness VALUES (?)"));
  CANDOUR_TRY(insert.Bind(1, name));
  CANDOUR_TRY(insert.Run());
  CANDOUR_TRY(store.SetSchemaVersion(kVersion));
  CANDOUR_TRY(transaction.Commit());
  return WitnessStore(std::move(store), std::string(name));
}

Result<WitnessStore> WitnessStore::Open(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    return Fail(
        Error{.code = ErrorCode::kNotFound, .message = "There is no witness in this folder."}
            .Expected(file.filename().string())
            .Next("candour witness init DIR --name NAME"));
  }
  CANDOUR_ASSIGN(storage::Sqlite store, storage::Sqlite::Open(file));
  CANDOUR_ASSIGN(const std::int64_t version, store.SchemaVersion());
  if (version > kVersion) {
    return Fail(ErrorCode::kUnsupported, "The witness's store was made by a later Candour.");
  }
  if (version != kVersion) return Damaged("The witness's store is not one that Candour made.");
  CANDOUR_ASSIGN(storage::Statement select, store.Prepare("SELECT name FROM witness"));
  CANDOUR_ASSIGN(const bool found, select.Step());
  if (!found) return Damaged("The witness's store does not say the witness's name.");
  std::string name = select.Text(0);
  select.Reset();
  return WitnessStore(std::move(store), std::move(name));
}

Status WitnessStore::AddLog(std::string_view origin, const VerifierKey& key) {
  if (key.type() != SignatureType::kNote) {
    return Fail(ErrorCode::kInvalidArgument, "The key of a log is not a witness's key.");
  }
  if (origin.empty() || origin.size() > kMaxOriginSize || HasControlCharacter(origin)) {
    return Fail(ErrorCode::kInvalidArgument,
                "The origin of a log is one line of at most 1,024 bytes.");
  }
  CANDOUR_ASSIGN(storage::Statement insert,
                 store_.Prepare("INSERT INTO log_key VALUES (?, ?) ON CONFLICT DO NOTHING"));
  CANDOUR_TRY(insert.Bind(1, origin));
  CANDOUR_TRY(insert.Bind(2, key.ToString()));
  return insert.Run();
}

Result<std::vector<VerifierKey>> WitnessStore::KeysOf(std::string_view origin) const {
  CANDOUR_ASSIGN(storage::Statement select,
                 store_.Prepare("SELECT vkey FROM log_key WHERE origin = ? ORDER BY vkey"));
  CANDOUR_TRY(select.Bind(1, origin));
  std::vector<VerifierKey> keys;
  for (;;) {
    CANDOUR_ASSIGN(const bool found, select.Step());
    if (!found) return keys;
    Result<VerifierKey> key = VerifierKey::Parse(select.TextView(0));
    if (!key) return Damaged("The witness's store holds a key that is none.");
    keys.push_back(*std::move(key));
  }
}

Result<std::optional<CosignedTree>> WitnessStore::Latest(std::string_view origin) const {
  CANDOUR_ASSIGN(storage::Statement select,
                 store_.Prepare("SELECT size, root, time_s FROM cosigned WHERE origin = ?"));
  CANDOUR_TRY(select.Bind(1, origin));
  CANDOUR_ASSIGN(const bool found, select.Step());
  if (!found) return std::nullopt;
  const std::string root = select.Blob(1);
  CosignedTree tree{.size = static_cast<std::uint64_t>(select.Int64(0)),
                    .time_s = static_cast<std::uint64_t>(select.Int64(2))};
  if (root.size() != tree.root.size() || select.Int64(0) < 0 || select.Int64(2) < 0) {
    return Damaged("The witness's store holds a tree that is none.");
  }
  std::ranges::copy(root, tree.root.begin());
  return tree;
}

Result<bool> WitnessStore::Replace(std::string_view origin,
                                   const std::optional<CosignedTree>& before,
                                   const CosignedTree& after, std::string_view note) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  if (after.size > kMost || after.time_s > kMost) {
    return Fail(ErrorCode::kInvalidArgument, "A witness knows sizes and times below 2^63.");
  }
  CANDOUR_ASSIGN(storage::Statement change, store_.Prepare(before ? kUpdate : kInsert));
  CANDOUR_TRY(change.Bind(1, static_cast<std::int64_t>(after.size)));
  CANDOUR_TRY(change.BindBlob(2, BytesOf(after.root)));
  CANDOUR_TRY(change.Bind(3, static_cast<std::int64_t>(after.time_s)));
  CANDOUR_TRY(change.Bind(4, note));
  CANDOUR_TRY(change.Bind(5, origin));
  if (before) {
    CANDOUR_TRY(change.Bind(6, static_cast<std::int64_t>(before->size)));
    CANDOUR_TRY(change.BindBlob(7, BytesOf(before->root)));
  } else {
    CANDOUR_TRY(change.Bind(6, OriginHash(origin)));
  }
  CANDOUR_TRY(change.Run());
  return store_.Changes() == 1;
}

Result<std::optional<std::string>> WitnessStore::LatestNote(std::string_view origin_hash) const {
  CANDOUR_ASSIGN(storage::Statement select,
                 store_.Prepare("SELECT note FROM cosigned WHERE origin_hash = ?"));
  CANDOUR_TRY(select.Bind(1, origin_hash));
  CANDOUR_ASSIGN(const bool found, select.Step());
  if (!found) return std::nullopt;
  return select.Text(0);
}

}  // namespace candour::tlog
