#include "cli/erase_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <iostream>

namespace candour::cli {
namespace {

/// Whoever erases must know what is left to do by other means.
constexpr std::array<std::string_view, 3> kNotReached = {
    "Source systems still hold the person: erase there too.",
    "Dataset versions that were adopted still hold rows, which are denied: adopt again once the "
    "sources no longer have them.",
    "Backups from before still hold everything: let them expire, or delete them; after restoring "
    "one, erase again.",
};

Status Confirm(const EraseOptions& options) {
  if (options.yes) return {};
  const auto refuse = [](std::string message) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = std::move(message),
                      .next = "repeat it with --yes, if it is meant"});
  };
  if (isatty(STDIN_FILENO) == 0)
    return refuse("nobody is there to confirm that a person be erased");
  fmt::print(stderr, "This cannot be undone. Type the person's id again to erase them: ");
  std::string typed;
  std::getline(std::cin, typed);
  if (typed == options.person) return {};
  return refuse("that is not the person's id, and nothing was erased");
}

std::string Later(bool suppress) {
  return suppress ? "Rows of theirs that are adopted again stay refused."
                  : "Rows of theirs that are adopted again become a new person.";
}

}  // namespace

Status ErasePerson(Session& session, const EraseOptions& options) {
  if (options.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = "erasing a person needs a reason",
                      .expected = "--reason TEXT, which does not name the person"});
  }
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kErasePerson));
  const PersonId person{options.person};
  CANDOUR_TRY(home.people().RecordsOf(person));
  CANDOUR_TRY(Confirm(options));
  CANDOUR_ASSIGN(const home::ErasedPerson erased,
                 home.Erase(person, actor, options.reason, options.suppress));
  std::string text = fmt::format(
      "The person was erased: {} records, {} choices. Entry {} of the ledger says so, and not of "
      "whom. {}\n\nWhat this did not reach:\n",
      erased.records, erased.choices, erased.entry, Later(options.suppress));
  nlohmann::json not_reached = nlohmann::json::array();
  for (const std::string_view line : kNotReached) {
    text += fmt::format("  {}\n", line);
    not_reached.push_back(line);
  }
  session.Data({{"entry", erased.entry},
                {"records", erased.records},
                {"choices", erased.choices},
                {"suppressed", options.suppress},
                {"not_reached", std::move(not_reached)}});
  session.Say(text);
  return {};
}

}  // namespace candour::cli
