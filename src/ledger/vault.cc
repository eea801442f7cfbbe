#include "ledger/vault.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "crypto/random.h"

namespace candour::ledger {
namespace {

using storage::Sqlite;
using storage::Statement;
using storage::Transaction;

constexpr int kSchemaVersion = 4;
constexpr std::size_t kSecretSize = 32;
constexpr std::string_view kSchema = R"sql(
  CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE people_set (number INTEGER PRIMARY KEY, hex TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE access (
    started INTEGER PRIMARY KEY, time_us INTEGER NOT NULL, use TEXT NOT NULL,
    purpose TEXT NOT NULL, recipient TEXT NOT NULL, output TEXT NOT NULL, datasets TEXT NOT NULL,
    available INTEGER NOT NULL, available_people INTEGER, principal TEXT, os_user TEXT,
    statement TEXT, actor_blinding BLOB, statement_blinding BLOB, counts_blinding BLOB) STRICT;
  CREATE TABLE outcome (
    started INTEGER PRIMARY KEY, finished INTEGER NOT NULL UNIQUE, time_us INTEGER NOT NULL,
    released INTEGER NOT NULL, outcome TEXT NOT NULL, row_count INTEGER,
    counts_blinding BLOB) STRICT;
)sql";

/// What version 2 adds.
constexpr std::string_view kTreeSchema = R"sql(
  CREATE TABLE set_tree (
    entry INTEGER PRIMARY KEY, people_set INTEGER NOT NULL UNIQUE, root BLOB NOT NULL,
    height INTEGER NOT NULL) STRICT;
)sql";

/// What version 3 adds.
constexpr std::string_view kSilenceSchema = R"sql(
  CREATE TABLE silence (
    started INTEGER PRIMARY KEY, ground TEXT, until_us INTEGER, review INTEGER,
    blinding BLOB) STRICT;
  CREATE TABLE silence_decision (
    entry INTEGER PRIMARY KEY, started INTEGER NOT NULL, time_us INTEGER NOT NULL,
    until_us INTEGER, principal TEXT, os_user TEXT, reason TEXT, actor_blinding BLOB,
    reason_blinding BLOB) STRICT;
)sql";

/// What version 4 adds.
constexpr std::string_view kEmergencySchema = R"sql(
  CREATE TABLE emergency (
    entry INTEGER PRIMARY KEY, at_us INTEGER NOT NULL, grant_entry INTEGER NOT NULL,
    record INTEGER NOT NULL) STRICT;
  CREATE TABLE opening (
    entry INTEGER NOT NULL, path TEXT NOT NULL, name TEXT NOT NULL, blinding BLOB NOT NULL,
    value TEXT NOT NULL, PRIMARY KEY (entry, path)) STRICT, WITHOUT ROWID;
)sql";

constexpr std::string_view kSetSalt = "set-salt";
constexpr std::string_view kNextSalt = "set-salt-next";
constexpr std::string_view kPadKey = "pad-key";

std::unexpected<Error> LostSecret() {
  return Fail(ErrorCode::kCorruption, "The vault has lost one of its secrets.");
}

Status PutSecret(Sqlite& store, std::string_view name, const crypto::Secret& secret) {
  CANDOUR_ASSIGN(Statement insert, store.Prepare("INSERT OR REPLACE INTO secret VALUES (?1, ?2)"));
  CANDOUR_TRY(insert.Bind(1, name));
  CANDOUR_TRY(insert.BindBlob(2, secret.Reveal()));
  return insert.Run();
}

/// The columns that AccessAt reads, in its order.
constexpr std::string_view kAccessColumns = R"sql(
  a.available, a.started, a.time_us, a.principal, a.use, a.purpose, a.recipient, a.output,
  a.datasets, a.statement, a.os_user, s.hex, r.hex, a.available_people, o.started IS NULL,
  o.row_count, o.outcome, a.actor_blinding, a.statement_blinding, a.counts_blinding,
  z.started IS NULL, z.ground, z.until_us, ifnull(z.review, 1), z.blinding,
  ifnull(o.finished, 0), e.at_us, e.grant_entry, e.record
  FROM access a LEFT JOIN people_set s ON s.number = a.available
  LEFT JOIN outcome o ON o.started = a.started LEFT JOIN people_set r ON r.number = o.released
  LEFT JOIN silence z ON z.started = a.started
  LEFT JOIN emergency e ON e.entry = a.started
)sql";

/// The emergency in three columns from `first` on.
std::optional<Emergency> EmergencyAt(const Statement& row, int first) {
  if (row.IsNull(first)) return std::nullopt;
  return Emergency{.at = UtcTime{row.Int64(first)},
                   .grant = static_cast<std::uint64_t>(row.Int64(first + 1)),
                   .record = static_cast<std::uint64_t>(row.Int64(first + 2))};
}

AccessDetail AccessAt(const Statement& row) {
  AccessDetail detail;
  detail.started = static_cast<std::uint64_t>(row.Int64(1));
  detail.time = UtcTime{row.Int64(2)};
  detail.principal = row.Text(3);
  detail.use = row.Text(4);
  detail.purpose = row.Text(5);
  detail.recipient = row.Text(6);
  detail.output = row.Text(7);
  detail.datasets = row.Text(8);
  detail.statement = row.Text(9);
  detail.os_user = row.Text(10);
  detail.available.hex = row.Text(11);
  if (!row.IsNull(12)) detail.released = SetId{row.Text(12)};
  detail.available_people = row.Int64(13);
  const bool finished = row.Int64(14) == 0;
  if (finished && !row.IsNull(15)) detail.rows = row.Int64(15);
  detail.outcome = row.Text(16);
  detail.emergency = EmergencyAt(row, 26);
  detail.finished = static_cast<std::uint64_t>(row.Int64(25));
  if (row.Int64(20) == 0) {
    detail.silence = Silence{
        .ground = row.Text(21), .until = UtcTime{row.Int64(22)}, .review = row.Int64(23) != 0};
  }
  return detail;
}

Status BindText(Statement& statement, int first, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) CANDOUR_TRY(statement.Bind(first++, text));
  return {};
}

std::int64_t Signed(std::uint64_t index) { return static_cast<std::int64_t>(index); }

}  // namespace

Result<Vault> Vault::Open(const std::filesystem::path& file) {
  CANDOUR_ASSIGN(Sqlite store, Sqlite::Open(file));
  CANDOUR_TRY(Prepare(store));
  CANDOUR_ASSIGN(Sqlite reader, Sqlite::Open(file));
  return Vault(std::move(store), std::move(reader));
}

Status Vault::Prepare(Sqlite& store) {
  // What is erased must not stay behind in pages that are free.
  CANDOUR_TRY(store.Run("PRAGMA secure_delete = ON"));
  CANDOUR_ASSIGN(const std::int64_t version, store.SchemaVersion());
  if (version == kSchemaVersion) return {};
  if (version > kSchemaVersion) {
    return Fail(Error{.code = ErrorCode::kUnsupported,
                      .message = "The vault was written by another version of Candour."}
                    .Expected(fmt::format("version {}", kSchemaVersion))
                    .Found(fmt::format("version {}", version)));
  }
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store));
  if (version == 0) {
    CANDOUR_TRY(store.Run(kSchema));
    CANDOUR_TRY(PutSecret(store, kSetSalt, crypto::RandomSecret(kSecretSize)));
  }
  if (version < 2) {
    CANDOUR_TRY(store.Run(kTreeSchema));
    CANDOUR_TRY(PutSecret(store, kPadKey, crypto::RandomSecret(kSecretSize)));
  }
  if (version < 3) CANDOUR_TRY(store.Run(kSilenceSchema));
  CANDOUR_TRY(store.Run(kEmergencySchema));
  CANDOUR_TRY(store.SetSchemaVersion(kSchemaVersion));
  return transaction.Commit();
}

Result<std::optional<crypto::Secret>> Vault::FindSecret(std::string_view name) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare("SELECT value FROM secret WHERE name = ?1"));
  CANDOUR_TRY(query.Bind(1, name));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return std::nullopt;
  const std::string value = query.Blob(0);
  if (value.size() != kSecretSize) return LostSecret();
  crypto::Secret secret(kSecretSize);
  std::ranges::copy(value, secret.Fill());
  return secret;
}

Result<crypto::Secret> Vault::SetSalt() const {
  CANDOUR_ASSIGN(std::optional<crypto::Secret> salt, FindSecret(kSetSalt));
  if (!salt) return LostSecret();
  return *std::move(salt);
}

Result<crypto::Secret> Vault::PadKey() const {
  CANDOUR_ASSIGN(std::optional<crypto::Secret> key, FindSecret(kPadKey));
  if (!key) return LostSecret();
  return *std::move(key);
}

Result<std::optional<crypto::Secret>> Vault::NextSetSalt() const { return FindSecret(kNextSalt); }

Status Vault::PutNextSetSalt(const crypto::Secret& salt) {
  return PutSecret(store_, kNextSalt, salt);
}

Status Vault::AdoptNextSetSalt() {
  {
    CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
    CANDOUR_TRY(
        store_.Run("UPDATE secret SET value = "
                   "(SELECT value FROM secret WHERE name = 'set-salt-next') "
                   "WHERE name = 'set-salt'; "
                   "DELETE FROM secret WHERE name = 'set-salt-next'"));
    CANDOUR_TRY(transaction.Commit());
  }
  // The write-ahead log holds the old pages until it is written back and cut.
  return store_.Run("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<std::int64_t> Vault::NumberOf(const SetId& id) {
  if (id.hex.empty()) return 0;
  CANDOUR_ASSIGN(Statement insert,
                 store_.Prepare("INSERT OR IGNORE INTO people_set (hex) VALUES (?1)"));
  CANDOUR_TRY(insert.Bind(1, id.hex));
  CANDOUR_TRY(insert.Run());
  CANDOUR_ASSIGN(Statement query, store_.Prepare("SELECT number FROM people_set WHERE hex = ?1"));
  CANDOUR_TRY(query.Bind(1, id.hex));
  CANDOUR_TRY(query.Step());
  return query.Int64(0);
}

Status Vault::InsertAccess(const VaultAccess& access) {
  const AccessDetail& detail = access.detail;
  CANDOUR_ASSIGN(const std::int64_t available, NumberOf(detail.available));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare(R"sql(
    INSERT INTO access (started, time_us, available, use, purpose, recipient, output, datasets,
      available_people, principal, os_user, statement, actor_blinding, statement_blinding,
      counts_blinding) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
  )sql"));
  CANDOUR_TRY(insert.Bind(1, Signed(detail.started)));
  CANDOUR_TRY(insert.Bind(2, detail.time.us));
  CANDOUR_TRY(insert.Bind(3, available));
  CANDOUR_TRY(BindText(
      insert, 4, {detail.use, detail.purpose, detail.recipient, detail.output, detail.datasets}));
  if (!access.blindings.actor.empty()) {  // else its private half stays null
    CANDOUR_TRY(insert.Bind(9, detail.available_people));
    CANDOUR_TRY(BindText(insert, 10, {detail.principal, detail.os_user, detail.statement}));
    CANDOUR_TRY(insert.BindBlob(13, access.blindings.actor));
    CANDOUR_TRY(insert.BindBlob(14, access.blindings.statement));
    CANDOUR_TRY(insert.BindBlob(15, access.blindings.counts));
  }
  CANDOUR_TRY(insert.Run());
  CANDOUR_TRY(InsertEmergency(detail.started, detail.emergency));
  return detail.silence ? InsertSilence(access) : Status();
}

Status Vault::InsertOutcome(const Outcome& outcome) {
  CANDOUR_ASSIGN(const std::int64_t released, NumberOf(outcome.released.value_or(SetId{})));
  CANDOUR_ASSIGN(Statement insert, store_.Prepare(R"sql(
    INSERT INTO outcome (started, finished, time_us, released, outcome, row_count, counts_blinding)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
  )sql"));
  CANDOUR_TRY(insert.Bind(1, Signed(outcome.started)));
  CANDOUR_TRY(insert.Bind(2, Signed(outcome.finished)));
  CANDOUR_TRY(insert.Bind(3, outcome.time.us));
  CANDOUR_TRY(insert.Bind(4, released));
  CANDOUR_TRY(insert.Bind(5, outcome.outcome));
  if (!outcome.blinding.empty()) {
    CANDOUR_TRY(insert.Bind(6, outcome.rows));
    CANDOUR_TRY(insert.BindBlob(7, outcome.blinding));
  }
  CANDOUR_TRY(insert.Run());
  return InsertEmergency(outcome.finished, outcome.emergency);
}

Status Vault::CheckOutcome(const Outcome& outcome) {
  CANDOUR_ASSIGN(Statement query, store_.Prepare(R"sql(
    SELECT o.started IS NULL FROM access a LEFT JOIN outcome o ON o.started = a.started
    WHERE a.started = ?1
  )sql"));
  CANDOUR_TRY(query.Bind(1, Signed(outcome.started)));
  CANDOUR_ASSIGN(const bool known, query.Step());
  if (!known) return Fail(ErrorCode::kNotFound, "There is no access of that number.");
  if (query.Int64(0) != 0) return {};
  return Fail(ErrorCode::kConflict, "The access has an outcome already.");
}

Result<std::uint64_t> Vault::PutHalf(PrivateHalf& half, std::uint64_t number) {
  if (auto* access = std::get_if<VaultAccess>(&half)) {
    access->detail.started = number;
    CANDOUR_TRY(InsertAccess(*access));
  } else if (auto* outcome = std::get_if<Outcome>(&half)) {
    CANDOUR_TRY(CheckOutcome(*outcome));
    outcome->finished = number;
    CANDOUR_TRY(InsertOutcome(*outcome));
  } else if (auto* tree = std::get_if<SetTreeHalf>(&half)) {
    tree->entry = number;
    CANDOUR_TRY(InsertTree(*tree));
  } else if (auto* decision = std::get_if<SilenceDecision>(&half)) {
    CANDOUR_TRY(CheckDecision(*decision));
    decision->entry = number;
    CANDOUR_TRY(InsertDecision(*decision));
  } else if (auto* openings = std::get_if<OpeningsHalf>(&half)) {
    openings->entry = number;
    CANDOUR_TRY(InsertOpenings(*openings));
  }
  return number;
}

Result<std::vector<Result<std::uint64_t>>> Vault::PutBatch(std::span<PrivateHalf* const> batch,
                                                           std::uint64_t first) {
  std::vector<Result<std::uint64_t>> answers;
  const auto none = [](const PrivateHalf* half) {
    return std::holds_alternative<std::monostate>(*half);
  };
  if (std::ranges::all_of(batch, none)) {
    for (std::size_t i = 0; i < batch.size(); ++i) answers.emplace_back(first + i);
    return answers;
  }
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  for (PrivateHalf* half : batch) {
    Result<std::uint64_t> answer = PutHalf(*half, first);
    if (answer) ++first;
    const bool refused = !answer && (answer.error().code == ErrorCode::kNotFound ||
                                     answer.error().code == ErrorCode::kConflict);
    if (!answer && !refused) return std::unexpected(std::move(answer).error());
    answers.push_back(std::move(answer));
  }
  CANDOUR_TRY(transaction.Commit());
  return answers;
}

Status Vault::Restore(const std::vector<AccessDetail>& accesses,
                      const std::vector<Outcome>& outcomes, const std::vector<SetTreeHalf>& trees,
                      const std::vector<SilenceDecision>& decisions) {
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  for (const AccessDetail& detail : accesses) {
    CANDOUR_TRY(InsertAccess({.detail = detail, .blindings = {}}));
  }
  for (const Outcome& outcome : outcomes) CANDOUR_TRY(InsertOutcome(outcome));
  for (const SetTreeHalf& tree : trees) CANDOUR_TRY(InsertTree(tree));
  for (const SilenceDecision& decision : decisions) CANDOUR_TRY(InsertDecision(decision));
  return transaction.Commit();
}

Status Vault::DropFrom(std::uint64_t first) {
  CANDOUR_ASSIGN(Transaction transaction, Transaction::Begin(store_));
  for (const std::string_view sql :
       {"DELETE FROM access WHERE started >= ?1", "DELETE FROM outcome WHERE finished >= ?1",
        "DELETE FROM set_tree WHERE entry >= ?1", "DELETE FROM silence WHERE started >= ?1",
        "DELETE FROM silence_decision WHERE entry >= ?1", "DELETE FROM emergency WHERE entry >= ?1",
        "DELETE FROM opening WHERE entry >= ?1"}) {
    CANDOUR_ASSIGN(Statement statement, store_.Prepare(sql));
    CANDOUR_TRY(statement.Bind(1, Signed(first)));
    CANDOUR_TRY(statement.Run());
  }
  return transaction.Commit();
}

Result<std::vector<std::uint64_t>> Vault::IndexesFrom(std::uint64_t first) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT started FROM access WHERE started >= ?1 UNION ALL "
                                 "SELECT finished FROM outcome WHERE finished >= ?1 UNION ALL "
                                 "SELECT entry FROM set_tree WHERE entry >= ?1 UNION ALL "
                                 "SELECT entry FROM silence_decision WHERE entry >= ?1 UNION ALL "
                                 "SELECT DISTINCT entry FROM opening WHERE entry >= ?1 "
                                 "ORDER BY 1"));
  CANDOUR_TRY(query.Bind(1, Signed(first)));
  std::vector<std::uint64_t> indexes;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return indexes;
    indexes.push_back(static_cast<std::uint64_t>(query.Int64(0)));
  }
}

Result<std::optional<std::uint64_t>> Vault::LastIndex() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare(R"sql(
    SELECT max(ifnull((SELECT max(started) FROM access), -1),
               ifnull((SELECT max(finished) FROM outcome), -1),
               ifnull((SELECT max(entry) FROM set_tree), -1),
               ifnull((SELECT max(entry) FROM silence_decision), -1),
               ifnull((SELECT max(entry) FROM opening), -1))
  )sql"));
  CANDOUR_TRY(query.Step());
  const std::int64_t last = query.Int64(0);
  return last < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(last));
}

Result<std::vector<Vault::NumberedSet>> Vault::AvailableSets() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare("SELECT number, hex FROM people_set WHERE number IN "
                                 "(SELECT DISTINCT available FROM access)"));
  std::vector<NumberedSet> sets;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return sets;
    sets.push_back({query.Int64(0), SetId{query.Text(1)}});
  }
}

Result<std::vector<AccessDetail>> Vault::Accesses(const std::function<bool(std::int64_t)>& wanted,
                                                  std::uint64_t limit) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("SELECT {} ORDER BY a.started DESC", kAccessColumns)));
  std::vector<AccessDetail> accesses;
  while (accesses.size() < limit) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) break;
    if (wanted(query.Int64(0))) accesses.push_back(AccessAt(query));
  }
  return accesses;
}

Result<std::vector<AccessDetail>> Vault::SilentAccesses() const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("SELECT {} WHERE a.started IN (SELECT started FROM "
                                             "silence) ORDER BY a.started DESC",
                                             kAccessColumns)));
  std::vector<AccessDetail> accesses;
  while (true) {
    CANDOUR_ASSIGN(const bool more, query.Step());
    if (!more) return accesses;
    accesses.push_back(AccessAt(query));
  }
}

Result<VaultAccess> Vault::FindAccess(std::uint64_t started) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query,
                 reader_.Prepare(fmt::format("SELECT {} WHERE a.started = ?1", kAccessColumns)));
  CANDOUR_TRY(query.Bind(1, Signed(started)));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return Fail(ErrorCode::kNotFound, "There is no access of that number.");
  return VaultAccess{.detail = AccessAt(query),
                     .blindings = {.actor = query.Blob(17),
                                   .statement = query.Blob(18),
                                   .counts = query.Blob(19),
                                   .silence = query.Blob(24)}};
}

Result<Outcome> Vault::FindOutcome(std::uint64_t finished) const {
  const std::lock_guard lock(*reading_);
  CANDOUR_ASSIGN(Statement query, reader_.Prepare(R"sql(
    SELECT o.started, o.time_us, r.hex, o.row_count, o.outcome, o.counts_blinding, e.at_us,
           e.grant_entry, e.record
    FROM outcome o LEFT JOIN people_set r ON r.number = o.released
    LEFT JOIN emergency e ON e.entry = o.finished WHERE o.finished = ?1
  )sql"));
  CANDOUR_TRY(query.Bind(1, Signed(finished)));
  CANDOUR_ASSIGN(const bool found, query.Step());
  if (!found) return Fail(ErrorCode::kNotFound, "There is no finished access of that number.");
  Outcome outcome;
  outcome.finished = finished;
  outcome.started = static_cast<std::uint64_t>(query.Int64(0));
  outcome.time = UtcTime{query.Int64(1)};
  if (!query.IsNull(2)) outcome.released = SetId{query.Text(2)};
  outcome.rows = query.Int64(3);
  outcome.outcome = query.Text(4);
  outcome.blinding = query.Blob(5);
  outcome.emergency = EmergencyAt(query, 6);
  return outcome;
}

}  // namespace candour::ledger
