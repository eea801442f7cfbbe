// ledger: the record of every use.

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/session.h"

namespace candour::cli {
namespace {

using nlohmann::json;

Status Verify(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_TRY(home.ledger().Verify());
  session.Data({{"entries", home.ledger().size(ledger::LogName::kAccesses)}, {"verified", true}});
  session.Say(fmt::format("{} entries, every frame verified",
                          home.ledger().size(ledger::LogName::kAccesses)));
  return {};
}

Status Log(Session& session, std::uint64_t limit) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const std::vector<ledger::AccessDetail> accesses, home.ledger().Accesses(limit));
  std::vector<std::vector<std::string>> lines = {
      {"access", "time", "principal", "use", "output", "rows", "people", "outcome"}};
  json data = json::array();
  for (const ledger::AccessDetail& access : accesses) {
    lines.push_back({fmt::format("{}", access.started), FormatTime(access.time), access.principal,
                     access.use, access.output,
                     access.rows < 0 ? "" : fmt::format("{}", access.rows),
                     fmt::format("{}", access.available_people),
                     access.outcome.empty() ? "not finished" : access.outcome});
    data.push_back({{"access", access.started},
                    {"time", FormatTime(access.time)},
                    {"principal", access.principal},
                    {"use", access.use},
                    {"purpose", access.purpose},
                    {"output", access.output},
                    {"rows", access.rows},
                    {"available_people", access.available_people},
                    {"outcome", access.outcome}});
  }
  session.Data(std::move(data));
  session.Say(AlignedTable(lines));
  return {};
}

}  // namespace

void AddLedgerCommands(CLI::App& app, Session& session) {
  CLI::App* ledger = app.add_subcommand("ledger", "The record of every use");
  ledger->require_subcommand(1);
  ledger->footer("Example: candour ledger verify");
  CLI::App* verify = ledger->add_subcommand("verify", "Check every frame of the journal");
  verify->footer("Example: candour ledger verify");
  verify->callback([&session] { session.chosen = [&session] { return Verify(session); }; });

  CLI::App* log = ledger->add_subcommand("log", "The newest accesses, for governance");
  const auto limit = std::make_shared<std::uint64_t>(20);
  log->add_option("--limit", *limit, "How many")->capture_default_str();
  log->footer("Example: candour ledger log --limit 5");
  log->callback(
      [&session, limit] { session.chosen = [&session, limit] { return Log(session, *limit); }; });
}

}  // namespace candour::cli
