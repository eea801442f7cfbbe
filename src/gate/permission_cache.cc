#include "gate/permission_cache.h"

#include <fmt/format.h>

#include "consent/permitted.h"

namespace candour::gate {
namespace {

// 5 million records take 700 KB a set; a home asks a few dozen questions.
constexpr std::size_t kMostKept = 128;

/// Everything of the declared purposes that an answer can depend on.
std::string Declared(const consent::PurposeChain& chain) {
  std::string text;
  for (const consent::Purpose& purpose : chain) {
    text += fmt::format("{}\n{}\n{}\n", purpose.id, consent::ToString(purpose.basis),
                        purpose.direct_marketing);
  }
  return text;
}

}  // namespace

Result<std::shared_ptr<const Bitmap>> PermissionCache::Ask(
    const consent::Question& question, const consent::PurposeChain& chain,
    const consent::ChoiceStore& choices, const std::shared_ptr<const people::PersonMap>& people,
    UtcTime now) {
  CANDOUR_ASSIGN(const std::int64_t epoch, choices.Epoch());
  Key key(question, Declared(chain));
  const auto found = kept_.find(key);
  if (found != kept_.end()) {
    const Kept& kept = found->second;
    const bool right =
        kept.epoch == epoch && kept.people.lock() == people && kept.from <= now && now < kept.until;
    if (right) return kept.permitted;
  }
  CANDOUR_ASSIGN(consent::Permitted permitted,
                 consent::PermittedUntil(question, chain, choices, *people, now));
  if (found == kept_.end() && kept_.size() >= kMostKept) kept_.clear();
  Kept& kept = kept_[std::move(key)];
  kept = {.epoch = epoch,
          .people = people,
          .from = now,
          .until = permitted.until,
          .permitted = std::make_shared<const Bitmap>(std::move(permitted.records))};
  return kept.permitted;
}

}  // namespace candour::gate
