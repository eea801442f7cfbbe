#pragma once

#include <chrono>

namespace candour::bench {

/// From now on every sync of a file in this process takes so much longer, as on a slower disk.
///
/// The disk of a virtual machine may answer a sync in a tenth of what an ordinary one needs; then
/// all contenders are bound by the processor, and what grouping syncs is worth does not show.
void SlowSyncsBy(std::chrono::microseconds extra);

}  // namespace candour::bench
