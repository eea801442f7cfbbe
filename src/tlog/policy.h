#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/checkpoint.h"
#include "tlog/quorum.h"
#include "tlog/verifier_key.h"

namespace candour::tlog {

/// Largest policy file that is read, in bytes.
inline constexpr std::size_t kMaxPolicySize = 1 << 18;

/// Which logs are known, which witnesses, and how many of them must have seen a checkpoint before
/// it is believed: the file that decides this. A value; threads: any.
///
/// The file has one statement a line, its words parted by spaces and tabs:
///
///     # what follows a # at the start of a line is ignored
///     log <vkey> [<url>]
///     witness <name> <vkey> [<url>]
///     group <name> all|any|<k> <member>...
///     quorum <name>|none
///
/// Members are witnesses and groups named on lines above; each is a member once, so that no
/// witness counts twice. There is exactly one quorum line.
/// Source: c2sp.org/tlog-policy.
class Policy {
 public:
  struct Log {
    VerifierKey key;  ///< its name is the log's origin
    std::string url;  ///< empty when the file has none
  };
  struct Witness {
    std::string name;  ///< within the file
    VerifierKey key;
    std::string url;  ///< empty when the file has none
  };

  /// Reads a policy; `file` is its name, for errors.
  /// Errors: kDeclarationInvalid, kDeclarationDuplicate, kDeclarationUnknownName, kKeyForm, each
  /// with its line.
  static Result<Policy> Parse(std::string_view text, std::string_view file);

  const std::vector<Log>& logs() const { return logs_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }

  /// Whose cosignatures the quorum line asks for.
  const Quorum& quorum() const { return quorum_; }

  /// Whom to believe about the log `origin`: its keys in this file, all witnesses, and the quorum.
  /// Without log keys, if the file names no such log; OpenCheckpoint then refuses everything.
  LogTrust TrustIn(std::string_view origin) const;

 private:
  friend class PolicyReader;

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  Quorum quorum_;
};

}  // namespace candour::tlog
