// ledger: the record of every use, and the logs that prove it.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/answer.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "ledger/break_glass_entry.h"
#include "ledger/entry.h"
#include "ledger/export.h"
#include "ledger/log.h"

namespace candour::cli {
namespace {

using ledger::LogName;
using nlohmann::json;

const std::map<std::string, LogName> kLogs = {{"accesses", LogName::kAccesses},
                                              {"choices", LogName::kChoices}};

struct LedgerOptions {
  std::string log = "accesses";
  std::uint64_t limit = 20;
  std::uint64_t index = 0;
  std::string folder;
  bool entries = false;
  bool open = false;
};

Status Verify(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_TRY(home.ledger().Publish());
  CANDOUR_TRY(home.ledger().Verify());
  std::uint64_t entries = 0;
  json logs = json::object();
  std::string text;
  for (const auto& [name, log] : kLogs) {
    const std::uint64_t size = home.ledger().size(log);
    logs[name] = size;
    entries += size;
    text += fmt::format("{}: {} entries, every byte verified\n", name, size);
  }
  session.Data({{"entries", entries}, {"logs", std::move(logs)}, {"verified", true}});
  session.Say(text);
  return {};
}

Status Accesses(Session& session, const LedgerOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const std::vector<ledger::AccessDetail> accesses,
                 home.ledger().Accesses(options.limit));
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

Status Tail(Session& session, const LedgerOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const LogName log = kLogs.at(options.log);
  const std::uint64_t size = home.ledger().size(log);
  CANDOUR_ASSIGN(const std::vector<ledger::Entry> entries,
                 home.ledger().Read(log, size - std::min(size, options.limit), options.limit));
  std::vector<std::vector<std::string>> lines = {{"entry", "time", "type", "says"}};
  json data = json::array();
  for (const ledger::Entry& entry : entries) {
    const json content = json::parse(entry.payload);
    lines.push_back({fmt::format("{}", entry.index), FormatTime(entry.time),
                     std::string(ledger::ToString(entry.type)), content["body"].dump()});
    data.push_back({{"index", entry.index}, {"entry", content}});
  }
  session.Data(std::move(data));
  session.Say(AlignedTable(lines));
  return {};
}

/// How many accesses people are not told of yet; loudly, when a reviewer should have decided.
Status AddSilence(home::Home& home, json& data, std::string& text) {
  CANDOUR_ASSIGN(const std::vector<ledger::SilentAccess> accesses, home.ledger().SilentAccesses());
  const auto silent = std::ranges::count_if(
      accesses, [](const ledger::SilentAccess& access) { return access.state.silent; });
  const auto overdue = std::ranges::count_if(
      accesses, [](const ledger::SilentAccess& access) { return access.state.overdue; });
  data["silence"] = {{"silent", silent}, {"overdue", overdue}};
  text += fmt::format("silence\n  silent     {}\n", silent);
  if (overdue == 0) return {};
  text += fmt::format(
      "  OVERDUE    {}: a reviewer must decide whether people are told (candour silent list "
      "--overdue)\n",
      overdue);
  return {};
}

/// Who has cosigned a log's newest checkpoint, a line each; nothing when nobody has to.
std::string WitnessesText(const ledger::WitnessStanding& standing) {
  std::string text;
  for (const ledger::WitnessAnswer& answer : standing.answers) {
    text += fmt::format("  witness    {}: {}\n", answer.name,
                        answer.error ? answer.error->message : "cosigned");
  }
  if (const auto problem = standing.Problem()) {
    text += fmt::format("  {}  {}\n",
                        problem->code == ErrorCode::kWitnessHistory ? "ANOTHER HISTORY" : "TOO FEW",
                        problem->message);
  }
  return text;
}

json WitnessesJson(const ledger::WitnessStanding& standing) {
  json answers = json::array();
  for (const ledger::WitnessAnswer& answer : standing.answers) {
    answers.push_back({{"name", answer.name}, {"cosigned", !answer.error}});
    if (answer.error) answers.back()["error"] = ToJson(*answer.error);
  }
  json data = {{"asked", standing.asked_size}, {"enough", standing.enough}, {"answers", answers}};
  if (const auto problem = standing.Problem()) data["problem"] = ToJson(*problem);
  return data;
}

/// Asks whoever has not cosigned yet, and fails when there are still too few.
Status Publish(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_TRY(home.ledger().Publish());
  json data = json::object();
  std::string text;
  std::optional<Error> worst;
  for (const auto& [name, which] : kLogs) {
    const ledger::Log& log = home.ledger().log(which);
    const ledger::WitnessStanding standing = log.witnesses();
    data[name] = {{"published", log.published()}, {"witnesses", WitnessesJson(standing)}};
    text += fmt::format("{}\n  published  {} of {}\n{}", log.key().name(), log.published(),
                        log.size(), WitnessesText(standing));
    auto problem = standing.Problem();
    if (problem && (!worst || problem->code == ErrorCode::kWitnessHistory)) worst = problem;
  }
  session.Say(text);
  if (worst) return Fail(*std::move(worst));
  session.Data(std::move(data));
  return {};
}

/// Emergencies that somebody should have looked into, or still has time to.
Status AddEmergencies(home::Home& home, json& data, std::string& text) {
  CANDOUR_ASSIGN(const std::vector<ledger::GlassCase> cases, ledger::GlassCases(home.ledger()));
  const UtcTime now = home.clock().Now();
  const auto open = std::ranges::count_if(cases, [](const auto& one) { return !one.review; });
  const auto overdue =
      std::ranges::count_if(cases, [now](const auto& one) { return one.overdue(now); });
  data["emergencies"] = {{"all", cases.size()}, {"not_reviewed", open}, {"overdue", overdue}};
  if (open > 0) {
    text += fmt::format("emergencies  {} not reviewed yet, {}: candour break-glass list\n", open,
                        overdue > 0 ? fmt::format("{} OVERDUE", overdue) : "none overdue");
  }
  return {};
}

Status Stats(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_TRY(home.ledger().Publish());
  json data = json::object();
  std::string text;
  for (const auto& [name, which] : kLogs) {
    const ledger::Log& log = home.ledger().log(which);
    const auto last = log.last_signed();
    data[name] = {{"origin", log.key().name()},   {"entries", log.size()},
                  {"published", log.published()}, {"key", log.key().ToString()},
                  {"checkpoint", last->note},     {"folder", log.public_folder().string()}};
    const ledger::WitnessStanding standing = log.witnesses();
    if (!standing.answers.empty()) data[name]["witnesses"] = WitnessesJson(standing);
    text += fmt::format("{}\n  entries    {}\n  published  {}, in {}\n  key        {}\n",
                        log.key().name(), log.size(), log.published(), log.public_folder().string(),
                        log.key().ToString());
    text += WitnessesText(standing);
  }
  CANDOUR_TRY(AddSilence(home, data, text));
  CANDOUR_TRY(AddEmergencies(home, data, text));
  session.Data(std::move(data));
  session.Say(text);
  return {};
}

/// The receipt is the answer, byte for byte, so that it can be kept by `> file`.
Status Receipt(Session& session, const LedgerOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const LogName log = kLogs.at(options.log);
  CANDOUR_ASSIGN(const std::string receipt, options.open
                                                ? home.ledger().Copy(log, options.index)
                                                : home.ledger().Receipt(log, options.index));
  session.Data({{"receipt", receipt}, {"key", home.ledger().log(log).key().ToString()}});
  session.Say(receipt);
  return {};
}

Status Export(Session& session, const LedgerOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_TRY(home.ledger().Publish());
  const ledger::Log& log = home.ledger().log(kLogs.at(options.log));
  const auto scope =
      options.entries ? ledger::ExportScope::kAuditors : ledger::ExportScope::kPublic;
  ProgressBar bar(fmt::format("exporting {}", options.log));
  CANDOUR_TRY(
      ledger::ExportLog(log, options.folder, scope, [&bar](double part) { bar.Show(part); }));
  session.Data({{"folder", options.folder},
                {"entries", log.published()},
                {"bundles", options.entries},
                {"key", log.key().ToString()}});
  session.Say(fmt::format("{} entries of {} are in {}{}.", log.published(), log.key().name(),
                          options.folder,
                          options.entries ? ", with bundles of entries for auditors only" : ""));
  return {};
}

using Options = std::shared_ptr<LedgerOptions>;

CLI::App* Add(CLI::App& ledger, Session& session, const Options& options, const std::string& name,
              const std::string& help, Status (*run)(Session&, const LedgerOptions&)) {
  CLI::App* command = ledger.add_subcommand(name, help);
  command->callback([&session, options, run] {
    session.chosen = [&session, options, run] { return run(session, *options); };
  });
  return command;
}

void AddLog(CLI::App* command, const Options& options) {
  command->add_option("--log", options->log, "accesses or choices")
      ->check(CLI::IsMember({"accesses", "choices"}))
      ->capture_default_str();
}

}  // namespace

void AddLedgerCommands(CLI::App& app, Session& session) {
  CLI::App* ledger = app.add_subcommand("ledger", "The record of every use, and its proofs");
  ledger->require_subcommand(1);
  ledger->footer("Example: candour ledger verify");
  const auto options = std::make_shared<LedgerOptions>();

  Add(*ledger, session, options, "verify", "Read and check every byte of both logs",
      [](Session& it, const LedgerOptions&) { return Verify(it); })
      ->footer("Example: candour ledger verify");
  CLI::App* log =
      Add(*ledger, session, options, "log", "The newest accesses, for governance", Accesses);
  log->add_option("--limit", options->limit, "How many")->capture_default_str();
  log->footer("Example: candour ledger log --limit 5");
  CLI::App* tail = Add(*ledger, session, options, "tail", "The newest entries, as they are", Tail);
  AddLog(tail, options);
  tail->add_option("--limit", options->limit, "How many")->capture_default_str();
  tail->footer("Example: candour ledger tail --log choices --limit 5");
  Add(*ledger, session, options, "stats", "How long the logs are, and their public keys",
      [](Session& it, const LedgerOptions&) { return Stats(it); })
      ->footer("Example: candour ledger stats --json");
  Add(*ledger, session, options, "publish", "Ask the witnesses again, and publish",
      [](Session& it, const LedgerOptions&) { return Publish(it); })
      ->footer("Example: candour ledger publish");
  CLI::App* receipt = Add(*ledger, session, options, "receipt",
                          "The receipt of an entry, for `candour verify`", Receipt);
  AddLog(receipt, options);
  receipt->add_option("ENTRY", options->index, "Its number")->required();
  receipt->add_flag("--open", options->open,
                    "With what the entry only commits to: for auditors, or the person of a choice");
  receipt->footer("Example: candour ledger receipt 3 > entry-3.tlog-proof");
  CLI::App* exported = Add(*ledger, session, options, "export",
                           "Copy a log's checkpoint and tiles, for publication", Export);
  AddLog(exported, options);
  exported->add_option("FOLDER", options->folder, "Where to")->required();
  exported->add_flag("--entries", options->entries, "With all entries: for auditors only");
  exported->footer("Example: candour ledger export --log choices public/choices");
}

}  // namespace candour::cli
