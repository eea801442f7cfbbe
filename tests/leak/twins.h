#pragma once

#include <optional>
#include <string>

#include "door/organisation.h"
#include "door/quick_door.h"

namespace candour::door {

/// One organisation with two editions of its data, of a million orders each. 99 people of 100
/// permit their use. The first edition has 2,000 more rows that nobody may see, of a person who
/// objected and of a category that stays out, each with the oddest value there is in every field.
///
/// Whoever asks must not be able to tell the two apart.
class Twins {
 public:
  Twins();

  /// What one who asks sees of the statement, as one text, in each edition: rows (sorted, since the
  /// order of rows without ORDER BY is not promised), marks, and whether it failed.
  std::string Ask(int edition, std::string_view use, const std::string& sql);

  /// Whether the condition on orders fails when it stands beside the consent predicate, unguarded.
  bool FailsUnguarded(int edition, std::string_view condition);

  /// The same through the whole door: with the error's text and the report.
  std::string AskAccess(int edition, std::string_view use, const std::string& sql);

 private:
  QuickDoor& DoorOf(int edition, const std::string& use);

  Organisation organisation_;
  std::map<std::pair<int, std::string>, std::unique_ptr<QuickDoor>> doors_;
};

/// Texts that stand in hidden rows only; no answer and no error may hold one.
const std::vector<std::string>& HiddenTexts();

}  // namespace candour::door
