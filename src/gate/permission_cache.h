#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/bitmap.h"
#include "base/result.h"
#include "base/time.h"
#include "consent/choice_store.h"
#include "consent/purpose_chain.h"
#include "people/person_map.h"

namespace candour::gate {

/// The sets of those who permit, kept from statement to statement.
///
/// A set is kept for exactly as long as it is right: until a choice is added (the store's epoch),
/// the people change (another snapshot), a choice made for a later time takes effect, or the
/// purpose is declared otherwise. So a withdrawal holds for the next statement, cache or not.
/// One cache belongs to one choice store. Threads: one at a time.
class PermissionCache {
 public:
  /// What consent::PermittedRecords gives. Errors: of the store.
  /// Cost: one look-up in the store when nothing changed, else that of PermittedRecords.
  Result<std::shared_ptr<const Bitmap>> Ask(const consent::Question& question,
                                            const consent::PurposeChain& chain,
                                            const consent::ChoiceStore& choices,
                                            const std::shared_ptr<const people::PersonMap>& people,
                                            UtcTime now);

 private:
  struct Kept {
    std::int64_t epoch = 0;
    std::weak_ptr<const people::PersonMap> people;
    UtcTime from;
    UtcTime until;
    std::shared_ptr<const Bitmap> permitted;
  };
  using Key = std::pair<consent::Question, std::string>;  ///< with what the purposes declare
  std::map<Key, Kept> kept_;
};

}  // namespace candour::gate
