#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ledger/copy.h"
#include "ledger/set_tree.h"
#include "tlog/signer.h"

namespace candour::ledger {

/// How large the file of a statement may be, in bytes.
inline constexpr std::size_t kMaxStatementSize = std::size_t{64} << 20;

/// The words in which a person reads of an access. Nothing but the statement's signature vouches
/// for them: what can be checked stands in the receipts.
struct StatementWords {
  std::string title;                  ///< of the use
  std::string purpose;                ///< the purpose's name
  std::string why;                    ///< and its text
  std::vector<std::string> datasets;  ///< titles
  bool own = false;                   ///< a member asked, who is shown only themselves
};

/// One access that included the person.
struct StatementAccess {
  std::string started;             ///< receipt of the entry
  std::string finished;            ///< receipt of the entry; empty when there is none
  std::optional<Opening> silence;  ///< of one that people were told of later
  StatementWords words;
};

/// A set that an access refers to, with proofs that the person was in it or was not.
struct StatementSet {
  std::string receipt;                  ///< of the entry of the set's tree
  std::vector<MembershipProof> proofs;  ///< one for each of the person's keys, in their order
};

/// All that one person may be told of what was done with their records in a period, with what
/// proves it. Nothing in one that was read is to be believed before CheckStatement.
///
/// Personal data: of that person alone, and no names of staff. Format: docs/formats/statement.md.
struct PersonStatement {
  std::string origin;               ///< of the home
  std::string person;               ///< id
  UtcTime from;                     ///< the period's first moment
  UtcTime to;                       ///< the first moment after it
  UtcTime made;                     ///< not before `to`
  std::string accesses_checkpoint;  ///< signed notes: what the statement is tied to
  std::string choices_checkpoint;
  std::vector<std::string> keys;          ///< the member keys of the person's records, as bytes
  std::vector<StatementAccess> accesses;  ///< oldest first
  std::vector<StatementSet> sets;         ///< each set once
  std::vector<std::string> choices;       ///< copies of entries, oldest first
};

/// Under which name a home's statements are signed: "<origin>/statements".
std::string StatementSignerName(const std::string& home_origin);

/// Writes the one form of a statement, signed: the bytes of a file.
/// Errors: kInvalidArgument (text that is not UTF-8), kExhausted (larger than kMaxStatementSize).
Result<std::string> EncodeStatement(const PersonStatement& statement, const tlog::Signer& signer);

/// A statement that was read, and the note that signs it.
struct UncheckedStatement {
  PersonStatement statement;
  std::string note;
  std::string digest;  ///< SHA-256 of the body as it stands
};

/// Reads what EncodeStatement writes and nothing else, without checking anything it says.
/// Errors: kStatementForm. Cost: linear. Threads: any.
Result<UncheckedStatement> DecodeStatement(std::string_view text);

/// The text that the note over a body with this SHA-256 signs.
std::string StatementNoteText(const std::string& signer, std::string_view digest);

/// Whether a file is a statement by its first bytes, and neither a receipt nor a copy.
bool IsStatement(std::string_view text);

}  // namespace candour::ledger
