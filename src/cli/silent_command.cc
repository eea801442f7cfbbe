// silent: accesses that people are told of later, for the independent reviewer. Each look is
// recorded.

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/session.h"
#include "ledger/entry.h"
#include "rights/silence_review.h"

namespace candour::cli {
namespace {

using ledger::SilentAccess;
using nlohmann::json;
using rights::SilenceReview;

struct SilentOptions {
  std::string as;
  std::uint64_t number = 0;
  bool overdue = false;
  std::string until;
  std::string reason;
};

std::string EndOf(const SilentAccess& access) {
  if (!access.state.silent) return "people are told";
  if (access.state.overdue) return "OVERDUE: a reviewer must decide";
  return access.detail.silence->review ? "then a reviewer decides" : "then people are told";
}

json DecisionJson(const ledger::SilenceDecision& decision) {
  json one = {{"entry", decision.entry},
              {"time", FormatTime(decision.time)},
              {"decision", decision.until ? "extended" : "released"},
              {"by", decision.principal},
              {"os_user", decision.os_user},
              {"reason", decision.reason}};
  if (decision.until) one["until"] = FormatTime(*decision.until);
  return one;
}

json SilentJson(const SilentAccess& access) {
  const ledger::AccessDetail& detail = access.detail;
  json decisions = json::array();
  for (const ledger::SilenceDecision& one : access.decisions) {
    decisions.push_back(DecisionJson(one));
  }
  return {{"access", detail.started},
          {"time", FormatTime(detail.time)},
          {"use", detail.use},
          {"purpose", detail.purpose},
          {"recipient", detail.recipient},
          {"output", detail.output},
          {"datasets", detail.datasets},
          {"people", ledger::CountBand(detail.available_people)},
          {"ground", detail.silence->ground},
          {"until", FormatTime(access.state.until)},
          {"then", detail.silence->review ? "review" : "release"},
          {"silent", access.state.silent},
          {"overdue", access.state.overdue},
          {"decisions", std::move(decisions)}};
}

Status List(Session& session, home::Home&, SilenceReview& review, const SilentOptions& options) {
  CANDOUR_ASSIGN(const std::vector<SilentAccess> accesses, review.List(options.overdue));
  std::vector<std::vector<std::string>> lines = {
      {"access", "time", "use", "ground", "silent until", "people", ""}};
  json data = json::array();
  for (const SilentAccess& access : accesses) {
    lines.push_back({fmt::format("{}", access.detail.started), FormatTime(access.detail.time),
                     access.detail.use, access.detail.silence->ground,
                     FormatTime(access.state.until),
                     ledger::CountBand(access.detail.available_people), EndOf(access)});
    data.push_back(SilentJson(access));
  }
  session.Data(std::move(data));
  session.Say(accesses.empty() ? "No access is silent." : AlignedTable(lines));
  return {};
}

/// Why the use says that telling would do harm, as it stood when the access began.
Result<std::string> WhyOf(const home::Home& home, const ledger::AccessDetail& detail) {
  CANDOUR_ASSIGN(const home::Declarations declared, home.InForceAt(detail.time));
  const policy::Use* use = declared.FindUse(detail.use);
  return use != nullptr && use->silence ? use->silence->why : std::string();
}

Status Show(Session& session, home::Home& home, SilenceReview& review,
            const SilentOptions& options) {
  CANDOUR_ASSIGN(const SilentAccess access, review.Show(options.number));
  const ledger::AccessDetail& detail = access.detail;
  CANDOUR_ASSIGN(const std::string why, WhyOf(home, detail));
  json data = SilentJson(access);
  data["why"] = why;
  data["principal"] = detail.principal;
  data["os_user"] = detail.os_user;
  data["statement"] = detail.statement;
  data["outcome"] = detail.outcome;
  std::vector<std::vector<std::string>> lines = {
      {"access", fmt::format("{}, {}", detail.started, FormatTime(detail.time))},
      {"use", detail.use},
      {"purpose", detail.purpose},
      {"recipient", detail.recipient},
      {"output", fmt::format("{}, {}", detail.output,
                             detail.outcome.empty() ? "not finished" : detail.outcome)},
      {"datasets", detail.datasets},
      {"people", ledger::CountBand(detail.available_people)},
      {"asked by", fmt::format("{} ({})", detail.principal, detail.os_user)},
      {"asked", detail.statement},
      {"ground", detail.silence->ground},
      {"why", why},
      {"silent until", fmt::format("{}, {}", FormatTime(access.state.until), EndOf(access))}};
  for (const ledger::SilenceDecision& one : access.decisions) {
    lines.push_back({one.until ? "extended" : "released",
                     fmt::format("{} by {}: {}", FormatTime(one.time), one.principal, one.reason)});
  }
  session.Data(std::move(data));
  session.Say(AlignedTable(lines));
  return {};
}

Status Release(Session& session, home::Home&, SilenceReview& review, const SilentOptions& options) {
  CANDOUR_ASSIGN(const std::uint64_t entry, review.Release(options.number, options.reason));
  session.Data({{"access", options.number}, {"entry", entry}});
  session.Say(fmt::format("People see access {} from now on; recorded as entry {}.", options.number,
                          entry));
  return {};
}

Status Extend(Session& session, home::Home&, SilenceReview& review, const SilentOptions& options) {
  const Result<UtcTime> until = ParseTime(options.until);
  if (!until) {
    return Fail(Error{.code = ErrorCode::kUsage, .message = "--until is not a time"}.Expected(
        "a date such as 2026-03-01, or a time such as 2026-03-01T09:00:00Z"));
  }
  CANDOUR_ASSIGN(const std::uint64_t entry, review.Extend(options.number, *until, options.reason));
  session.Data({{"access", options.number}, {"entry", entry}, {"until", FormatTime(*until)}});
  session.Say(fmt::format("Access {} stays silent until {}; recorded as entry {}.", options.number,
                          FormatTime(*until), entry));
  return {};
}

Status Check(Session& session, home::Home& home, SilenceReview& review, const SilentOptions&) {
  const rights::UseAt use_at = [&home](const std::string& id,
                                       UtcTime time) -> Result<std::optional<policy::Use>> {
    CANDOUR_ASSIGN(const home::Declarations declared, home.InForceAt(time));
    const policy::Use* use = declared.FindUse(id);
    return use == nullptr ? std::nullopt : std::optional(*use);
  };
  CANDOUR_ASSIGN(const ledger::SilenceTally tally, review.Check(use_at));
  session.Data({{"accesses", tally.accesses},
                {"silent", tally.silent},
                {"overdue", tally.overdue},
                {"told_later", tally.told}});
  session.Say(fmt::format(
      "Of {} accesses {} are silent, {} of them overdue, and {} were told later. Every silence was "
      "fixed under a use that declared its ground, each entry's commitment opens to it, and "
      "nothing "
      "else is kept from people.",
      tally.accesses, tally.silent, tally.overdue, tally.told));
  return {};
}

using Options = std::shared_ptr<SilentOptions>;
using Command = Status (*)(Session&, home::Home&, SilenceReview&, const SilentOptions&);

Status Run(Session& session, const SilentOptions& options, Command command) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const rights::ReviewRequest request{.principal = options.as,
                                      .os_user = Session::OsUser(),
                                      .principals = home.in_force().principals};
  CANDOUR_ASSIGN(SilenceReview review, SilenceReview::Admit(home.ledger(), request));
  return command(session, home, review, options);
}

CLI::App* Add(CLI::App& silent, Session& session, const Options& options, const char* name,
              const char* help, Command command) {
  CLI::App* added = silent.add_subcommand(name, help);
  added->add_option("--as", options->as, "The reviewer who looks")->required();
  added->footer(fmt::format("Example: candour silent {} {}--as reviewer", name,
                            command == List || command == Check ? "" : "12 "));
  added->callback([&session, options, command] {
    session.chosen = [&session, options, command] { return Run(session, *options, command); };
  });
  return added;
}

}  // namespace

void AddSilentCommands(CLI::App& app, Session& session) {
  CLI::App* silent = app.add_subcommand(
      "silent", "Accesses that people are told of later, for the independent reviewer");
  silent->require_subcommand(1);
  silent->footer("Example: candour silent list --overdue --as reviewer");
  const auto options = std::make_shared<SilentOptions>();

  Add(*silent, session, options, "list", "Accesses that people are not told of now", List)
      ->add_flag("--overdue", options->overdue, "Only those that wait for a decision");
  CLI::App* show = Add(*silent, session, options, "show", "All of one access", Show);
  CLI::App* release =
      Add(*silent, session, options, "release", "Let people see an access from now on", Release);
  CLI::App* extend =
      Add(*silent, session, options, "extend", "Keep an access silent for longer", Extend);
  Add(*silent, session, options, "check", "Check that nothing else is kept from people", Check);
  for (CLI::App* command : {show, release, extend}) {
    command->add_option("ACCESS", options->number, "Its number")->required();
  }
  for (CLI::App* command : {release, extend}) {
    command->add_option("--reason", options->reason, "Why")->required();
  }
  extend->add_option("--until", options->until, "A later day, or a time")->required();
}

}  // namespace candour::cli
