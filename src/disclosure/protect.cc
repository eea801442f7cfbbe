#include "disclosure/protect.h"

#include "disclosure/cell_work.h"

namespace candour::disclosure {
namespace {

Status Protect(CellWork& work) {
  CANDOUR_TRY(work.Mark());
  CANDOUR_TRY(work.Fold());
  CANDOUR_TRY(work.Complement());
  return work.Write();
}

}  // namespace

Status Publish(engine::Database& engine, const CellTable& cells) {
  CellWork work(engine, cells);
  const Status published = Protect(work);
  // Raw figures must not stay within reach of what runs next, least of all after a failure.
  const Status dropped = work.Drop();
  return published ? dropped : published;
}

}  // namespace candour::disclosure
