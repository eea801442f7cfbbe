#pragma once

#include <span>
#include <string>
#include <string_view>

#include "accounts/principal.h"
#include "base/result.h"

namespace candour::accounts {

/// What somebody may do at all. Which data a query may have is said by the uses that name its
/// principal, never here.
enum class Action {
  kQuery,             ///< ask the door for data, under a use
  kExplain,           ///< see what would be decided, with counts of people in bands
  kExplainCounts,     ///< the same with exact counts of people
  kAdopt,             ///< read data in
  kApply,             ///< put declarations into force
  kLinkPeople,        ///< merge and split people
  kLookUpPerson,      ///< see what is held about any person; each look-up is recorded
  kLookUpSelf,        ///< the same about themselves and nobody else
  kChooseForPerson,   ///< record a choice that a person told us
  kChooseForSelf,     ///< record their own choice
  kReadRegister,      ///< the public list of uses
  kRestore,           ///< let a ledger go on that has lost entries
  kReadLedger,        ///< the accesses of all, and the entries of the ledger
  kBreakGlass,        ///< use data in an emergency while the ledger cannot be written
  kReviewBreakGlass,  ///< look into such an emergency afterwards, and say what was found
  kReviewSilence,     ///< see accesses that people are not told of yet, release and extend them
  kErasePerson,       ///< destroy what links a person to records, choices and the ledger
};

/// Every action, in the order of the table.
std::span<const Action> Actions();

/// The action in plain words, e.g. "look up any person".
std::string_view ToString(Action action);

/// Whether the role may do it: the one permission table. An unlisted pair is a no.
/// Threads: any; pure.
bool MayDo(Role role, Action action);

/// Says no with the roles that may. Errors: kDeniedRole.
Status CheckMayDo(const Principal& principal, Action action);

/// The table for `candour explain roles`: a line an action, a column a role. Plain ASCII.
std::string PermissionTable();

}  // namespace candour::accounts
