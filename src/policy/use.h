#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "policy/silence.h"

namespace candour::policy {

/// What may leave under a use.
enum class Output { kRows, kPseudonymised, kAggregates };

std::optional<Output> ParseOutput(std::string_view text);
std::string_view ToString(Output output);

/// A dataset that a use may read, and the fields of it.
struct Grant {
  std::string dataset;
  std::vector<std::string> fields;
  std::vector<std::string> masked;          ///< of `fields`: shown through their mask
  std::vector<std::string> row_categories;  ///< row categories let through; others stay out
  Where where;
};

/// Who receives what leaves.
struct Recipient {
  std::string name;
  std::string controller;  ///< differs from the dataset's: an agreement is needed
};

/// Whether the use may run, and by whose word.
struct Approval {
  enum class State { kProposed, kApproved, kRefused } state = State::kProposed;
  std::string by;         ///< the role or group that decides
  std::string reference;  ///< of the decision
  std::string reason;     ///< plain words, shown in the register
};

std::string_view ToString(Approval::State state);

/// A use: one declared way of using data. Its manifest.
struct Use {
  std::string id;
  std::string title;
  std::string text;     ///< plain words for the public register
  std::string purpose;  ///< purpose id
  std::string unit;     ///< the sender: in whose name it happens
  std::string channel = "any";
  std::vector<std::string> principals;
  Recipient recipient;
  std::string agreement;  ///< id, when data crosses controllers
  Output output = Output::kAggregates;
  std::vector<Grant> grants;
  int threshold = 10;  ///< smallest number of people behind a published figure, 3 to 100
  std::optional<UtcTime> from;
  std::optional<UtcTime> until;
  Approval approval;
  std::optional<Silence> silence;  ///< people are told later
  Where where;

  const Grant* FindGrant(std::string_view dataset) const;
};

/// An agreement under which data may cross from one controller to another.
struct Agreement {
  std::string id;
  std::string title;
  std::vector<std::string> parties;   ///< controllers
  std::vector<std::string> purposes;  ///< purpose ids
  std::vector<std::string> datasets;
  std::vector<Output> outputs;                   ///< what may cross
  std::vector<std::string> excluded_categories;  ///< row and field categories that never cross
  std::optional<UtcTime> from;
  std::optional<UtcTime> until;
  Where where;
};

}  // namespace candour::policy
