#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>

#include "cli/session.h"

namespace candour::cli {
namespace {

constexpr const char* kDescription =
    "Candour: an organisation's trusted data layer.\n"
    "One door through which every use of personal data goes: asked for a declared purpose,\n"
    "decided against consent and approval, minimised, recorded, and shown to the people concerned.";

constexpr const char* kFooter =
    "Exit status: 0 done, 1 failed, 2 usage or SQL syntax, 3 denied, 4 invalid declarations or "
    "data.\n`candour COMMAND --help` shows a command's options and an example; `candour explain "
    "CODE` explains an error code.";

/// What no floor expected ends as an error with a code too. Its text may quote data, so it is not
/// shown.
Status RunChosen(const Session& session) {
  try {
    return session.chosen();
  } catch (const std::bad_alloc&) {
    return Fail(ErrorCode::kExhausted, "the machine has no memory left for this");
  } catch (const std::exception&) {
    return Fail(ErrorCode::kInternal, "the command stopped at something it did not expect");
  }
}

void OnInterrupt(int) { std::_Exit(130); }

}  // namespace

int Run(int argc, char** argv) {
  std::signal(SIGINT, OnInterrupt);
  Session session;
  CLI::App app(kDescription, "candour");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  app.add_option("--home", session.home_option, "The home's folder (or CANDOUR_HOME)");
  app.add_flag("--json", session.json, "Answer in JSON");
  AddHomeCommands(app, session);
  AddAdoptCommand(app, session);
  AddCatalogueCommands(app, session);
  AddChooseCommand(app, session);
  AddDecisionCommands(app, session);
  AddQueryCommand(app, session);
  AddPersonCommands(app, session);
  AddSilentCommands(app, session);
  AddBreakGlassCommands(app, session);
  AddRegisterCommand(app, session);
  AddLedgerCommands(app, session);
  AddKeysCommands(app, session);
  AddBackupCommands(app, session);
  AddVerifyCommand(app, session);
  AddWitnessCommands(app, session);
  AddProgramCommands(app, session);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    if (!session.json) {
      app.exit(error);
      return 2;
    }
    return session.Finish(Fail(ErrorCode::kUsage, error.what()));
  }
  return session.Finish(RunChosen(session));
}

}  // namespace candour::cli
