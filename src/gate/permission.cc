#include "gate/permission.h"

#include "consent/permitted.h"
#include "consent/purpose_chain.h"

namespace candour::gate {
namespace {

Result<std::shared_ptr<const Bitmap>> Ask(const consent::Question& question,
                                          const consent::PurposeChain& chain,
                                          const Setting& setting) {
  const UtcTime now = setting.clock.Now();
  if (setting.standby != nullptr) {
    return setting.standby->permissions().Ask(question, chain, setting.choices, setting.people,
                                              now);
  }
  CANDOUR_ASSIGN(Bitmap answer,
                 consent::PermittedRecords(question, chain, setting.choices, *setting.people, now));
  return std::make_shared<const Bitmap>(std::move(answer));
}

}  // namespace

Result<OpenedDataset> OpenDataset(const policy::Decision& decision, const policy::DatasetPlan& plan,
                                  const Setting& setting) {
  OpenedDataset opened;
  CANDOUR_ASSIGN(opened.version, intake::LoadCurrent(setting.state_dir, plan.dataset->name));
  if (!plan.dataset->HasPeople()) return opened;
  CANDOUR_ASSIGN(const consent::PurposeChain chain,
                 consent::ChainOf(decision.use->purpose, setting.rules.purposes));
  std::optional<Bitmap> permitted;
  for (const consent::Question& question : plan.questions) {
    CANDOUR_ASSIGN(const std::shared_ptr<const Bitmap> answer, Ask(question, chain, setting));
    if (permitted) {
      permitted->IntersectWith(*answer);
    } else {
      permitted = *answer;
    }
  }
  // A dataset with people and no question would be open to all: that is not for us to assume.
  if (!permitted) permitted.emplace();
  opened.available = *permitted;
  opened.available.IntersectWith(*opened.version.present);
  opened.permitted = std::make_shared<const Bitmap>(std::move(*permitted));
  return opened;
}

}  // namespace candour::gate
