#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tlog/policy.h"

namespace candour::tlog {

/// Reads a policy file line by line. It is used by Policy::Parse only.
class PolicyReader {
 public:
  explicit PolicyReader(std::string_view file) : file_(file) {}

  /// Reads all of `text`. To be called once.
  Result<Policy> Read(std::string_view text);

 private:
  using Words = std::vector<std::string_view>;

  Status ReadLine(std::string_view line);
  Status ReadLog(const Words& words);
  Status ReadWitness(const Words& words);
  Status ReadGroup(const Words& words);
  Status ReadQuorum(const Words& words);

  Result<VerifierKey> ReadKey(std::string_view text, SignatureType type) const;
  Result<std::size_t> ReadThreshold(std::string_view text, std::size_t members) const;
  /// Checks that a witness or group may get this name.
  Status CheckNewName(std::string_view name) const;
  /// The witness or group of that name, on a line above.
  Result<std::size_t> Find(std::string_view name) const;
  /// An error at the present line.
  Error Wrong(ErrorCode code, const char* message) const;

  std::string file_;
  int line_ = 0;
  bool has_quorum_ = false;
  std::vector<std::string> names_;  ///< of the quorum's components
  std::set<std::size_t> taken_;     ///< what is a member of some group
  Policy policy_;
};

}  // namespace candour::tlog
