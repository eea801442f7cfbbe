#include "gate/permission.h"

#include "consent/permitted.h"
#include "consent/purpose_chain.h"

namespace candour::gate {

Result<OpenedDataset> OpenDataset(const policy::Decision& decision, const policy::DatasetPlan& plan,
                                  const Setting& setting) {
  OpenedDataset opened;
  CANDOUR_ASSIGN(opened.version, intake::LoadCurrent(setting.state_dir, plan.dataset->name));
  if (!plan.dataset->HasPeople()) return opened;
  CANDOUR_ASSIGN(const consent::PurposeChain chain,
                 consent::ChainOf(decision.use->purpose, setting.rules.purposes));
  std::optional<Bitmap> permitted;
  for (const consent::Question& question : plan.questions) {
    CANDOUR_ASSIGN(Bitmap answer, consent::PermittedRecords(question, chain, setting.choices,
                                                            *setting.people, setting.clock.Now()));
    if (permitted) {
      permitted->IntersectWith(answer);
    } else {
      permitted = std::move(answer);
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
