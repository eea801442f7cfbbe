#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "accounts/permission.h"
#include "base/diagnostics.h"
#include "base/result.h"
#include "home/home.h"

namespace candour::cli {

/// What every command shares: the global options, and where its answer goes.
///
/// A command prints through `Say` (for people) and `Data` (for `--json`), never both, and ends with
/// a Status. Threads: one.
class Session {
 public:
  std::string home_option;  ///< --home
  bool json = false;        ///< --json

  /// What the command named on the command line does; set by its subcommand.
  std::function<Status()> chosen;

  /// The home's folder: --home, CANDOUR_HOME, or the present folder when it holds candour.yaml.
  Result<std::filesystem::path> HomeDir() const;
  Result<home::Home> OpenHome(home::GlassFiles glass = home::GlassFiles::kTakeIn) const;

  /// The home without its ledger, which must be away: Home::OpenInEmergency.
  Result<home::Home> OpenHomeInEmergency() const;

  /// The home, or under --break-glass the home in an emergency. `ActAs` or, for what checks roles
  /// itself, EnterBrokenGlass comes next.
  Result<home::Home> OpenHomeFor(bool break_glass) const;

  /// Lets a principal who broke the glass use it; nothing in a home with its ledger.
  /// Errors: of ActAs, kBreakGlassRefused.
  Status EnterBrokenGlass(home::Home& home, const std::string& principal) const;

  /// The principal that --as names, in force, acting as the home's owner on the machine, once the
  /// permission table lets its role do `action`.
  /// Errors: kDeniedUnknownPrincipal, kDeniedRole (the role, or somebody else's home).
  Result<home::Actor> ActAs(const home::Home& home, const std::string& principal,
                            accounts::Action action) const;

  /// The operating system's name of who runs this.
  static std::string OsUser();

  /// Prints for people; nothing under --json.
  void Say(const std::string& text) const;
  /// Sets what --json prints as "data".
  void Data(nlohmann::json data) { data_ = std::move(data); }
  /// The command has written its --json answer itself, while it ran.
  void Written() { written_ = true; }

  /// Prints the answer or the error; the exit status.
  int Finish(const Status& status) const;
  /// Prints every error of declarations; exit status 4.
  Status ReportAll(const Diagnostics& errors);

 private:
  nlohmann::json data_ = nlohmann::json::object();
  bool written_ = false;
  std::vector<Error> all_errors_;
};

/// The error as `--json` gives it (fixed by docs/formats/json.md).
nlohmann::json ToJson(const Error& error);

// One function per file of commands; each adds its subcommands to the program.
void AddHomeCommands(CLI::App& app, Session& session);
void AddAdoptCommand(CLI::App& app, Session& session);
void AddCatalogueCommands(CLI::App& app, Session& session);
void AddChooseCommand(CLI::App& app, Session& session);
void AddDecisionCommands(CLI::App& app, Session& session);
void AddQueryCommand(CLI::App& app, Session& session);
void AddPersonCommands(CLI::App& app, Session& session);
void AddRegisterCommand(CLI::App& app, Session& session);
void AddBreakGlassCommands(CLI::App& app, Session& session);
void AddSilentCommands(CLI::App& app, Session& session);
void AddLedgerCommands(CLI::App& app, Session& session);
void AddKeysCommands(CLI::App& app, Session& session);
void AddBackupCommands(CLI::App& app, Session& session);
void AddVerifyCommand(CLI::App& app, Session& session);
void AddWitnessCommands(CLI::App& app, Session& session);
void AddProgramCommands(CLI::App& app, Session& session);

}  // namespace candour::cli
