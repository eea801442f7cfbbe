// register: the public list of uses.

#include "cli/session.h"
#include "rights/public_register.h"

namespace candour::cli {
namespace {

Status Register(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const std::vector<rights::RegisterEntry> entries =
      rights::PublicRegister(home::RulesOf(home.in_force()), home.clock().Now());
  session.Data(rights::PublicRegisterJson(entries));
  session.Say(rights::PublicRegisterText(entries));
  return {};
}

}  // namespace

void AddRegisterCommand(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("register", "The public list of uses of data, in plain words");
  command->footer("Example: candour register");
  command->callback([&session] { session.chosen = [&session] { return Register(session); }; });
}

}  // namespace candour::cli
