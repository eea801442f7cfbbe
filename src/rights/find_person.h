#pragma once

#include "base/ids.h"
#include "base/result.h"
#include "people/register.h"
#include "rights/look_up.h"

namespace candour::rights {

/// The person that a source identity belongs to, e.g. the holder of a membership number.
///
/// A look-up with its own record, also when nobody is found: the person sees that they were looked
/// for, and trying numbers leaves a trace. The key itself is not written down.
/// Errors: of LookUp::Admit; kNotFound (nobody there, or, for a member, somebody else). Cost: one
/// indexed look-up and two durable writes. Threads: one at a time.
Result<PersonId> FindPerson(const gate::Setting& setting, ledger::Recorder& recorder,
                            const people::Register& people, const people::Identity& identity,
                            const PersonRequest& request);

}  // namespace candour::rights
