#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "consent/effective.h"
#include "gate/permission.h"

namespace candour::rights {

/// A choice that is on file about a person, with the names that people read.
struct ChoiceLine {
  consent::Choice choice;
  std::string purpose;  ///< the purpose's name, or "anything"
  std::string unit;     ///< the sender's name, or "any of our businesses"
};

/// What a person's choices come to for one dataset that a use reads.
struct DatasetEffect {
  std::string dataset;
  std::string title;
  bool held = false;       ///< the dataset has rows of the person
  bool permitted = false;  ///< every question of the use is answered yes
  consent::Reason reason = consent::Reason::kNotAsked;
  std::string why;  ///< in words to the person
};

/// What a person's choices come to for one use in force.
struct UseEffect {
  std::string use;
  std::string title;
  std::string recipient;
  std::string purpose;  ///< the purpose's name
  policy::Output output = policy::Output::kAggregates;
  std::vector<DatasetEffect> datasets;  ///< those with people

  bool Held() const;      ///< some dataset has rows of the person
  bool Included() const;  ///< some dataset has rows of the person that the use may read
};

/// The choices with their names, newest first. The same choice on several of a person's records is
/// one line. Threads: any.
std::vector<ChoiceLine> DescribeChoices(const policy::Rules& rules,
                                        std::span<const consent::Choice> choices);

/// What the choices come to for each use that is in force now, as the door would answer.
///
/// `records`, `choices`: all of one person's. `last_merge`: as for consent::Decide.
/// Errors: of dataset versions (kCorruption, kIo); a dataset that is not adopted yet holds nobody.
/// Cost: linear in uses, their questions and the choices. Threads: one at a time.
Result<std::vector<UseEffect>> EffectOfChoices(const gate::Setting& setting,
                                               std::span<const RecordNo> records,
                                               std::span<const consent::Choice> choices,
                                               UtcTime last_merge);

}  // namespace candour::rights
