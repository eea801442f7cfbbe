// break-glass: helping people while the ledger cannot be written, and looking into it afterwards.

#include <fmt/format.h>

#include <algorithm>

#include "cli/answer.h"
#include "cli/session.h"
#include "ledger/break_glass_entry.h"

namespace candour::cli {
namespace {

using ledger::GlassCase;
using ledger::GlassGrant;
using nlohmann::json;

struct GlassOptions {
  std::string as;
  std::string text;  ///< the reason or the finding
  std::uint64_t entry = 0;
  bool check = false;
};

UtcTime ReviewBy(const GlassGrant& grant) { return UtcTime{grant.since.us + ledger::kReviewUs}; }

Status Open(Session& session, const GlassOptions& options) {
  CANDOUR_TRY(ledger::CheckReason("reason", options.text));
  CANDOUR_ASSIGN(home::Home home, session.OpenHomeInEmergency());
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kBreakGlass));
  CANDOUR_ASSIGN(const GlassGrant grant,
                 home.break_glass().Break(actor.principal, actor.os_user, options.text));
  session.Data({{"principal", grant.principal},
                {"since", FormatTime(grant.since)},
                {"until", FormatTime(grant.until)},
                {"review_by", FormatTime(ReviewBy(grant))},
                {"ledger", ToJson(home.emergency())}});
  session.Say(fmt::format(
      "The glass is broken for {} until {}.\n"
      "Why the ledger cannot be written: {}\n"
      "Until then `candour query` and `candour person` take --break-glass. What is permitted "
      "stays\n"
      "as it was; each access is recorded apart, and comes into the ledger as soon as it is back,\n"
      "where the people concerned see it. Somebody else reviews this by {}.",
      grant.principal, FormatTime(grant.until), home.emergency().message,
      FormatTime(ReviewBy(grant))));
  return {};
}

/// How a case stands, in plain words.
std::string Standing(const GlassCase& one, UtcTime now) {
  if (one.review) return fmt::format("reviewed by {}", one.reviewer);
  const std::string deadline = FormatTime(one.deadline());
  return one.overdue(now) ? fmt::format("OVERDUE: a review was due by {}", deadline)
                          : fmt::format("to be reviewed by {}", deadline);
}

json CaseJson(const GlassCase& one, UtcTime now) {
  json data = {{"entry", one.entry},
               {"damaged", one.damaged},
               {"since", FormatTime(one.since)},
               {"until", FormatTime(one.until)},
               {"accesses", one.accesses},
               {"refused", one.refused},
               {"principal", one.principal},
               {"reason", one.reason},
               {"review_by", FormatTime(one.deadline())},
               {"overdue", one.overdue(now)}};
  if (one.review) {
    data["review"] = {{"entry", *one.review},
                      {"time", FormatTime(one.reviewed)},
                      {"reviewer", one.reviewer},
                      {"finding", one.finding}};
  }
  return data;
}

std::string CaseText(const GlassCase& one, UtcTime now) {
  std::string text = fmt::format("{}  {}\n", one.entry, Standing(one, now));
  if (one.damaged) {
    text +=
        fmt::format("   {}: a damaged file was set aside by {}; accesses in it may be missing\n",
                    FormatTime(one.since), one.principal);
  } else {
    text +=
        fmt::format("   {} to {}: broken by {}, {} accesses, {} refused\n", FormatTime(one.since),
                    FormatTime(one.until), one.principal, one.accesses, one.refused);
  }
  text += fmt::format("   reason: {}\n", one.reason);
  if (one.review) text += fmt::format("   finding: {}\n", one.finding);
  return text;
}

/// While the ledger is away: what its file says.
Status ListInEmergency(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHomeInEmergency());
  json grants = json::array();
  std::string text = fmt::format("The ledger cannot be written: {}\n", home.emergency().message);
  for (const GlassGrant& grant : home.break_glass().grants()) {
    grants.push_back({{"principal", grant.principal},
                      {"reason", grant.reason},
                      {"since", FormatTime(grant.since)},
                      {"until", FormatTime(grant.until)},
                      {"review_by", FormatTime(ReviewBy(grant))}});
    text += fmt::format(
        "{} to {}: broken by {}; to be reviewed by {}, once the ledger is back\n"
        "   reason: {}\n",
        FormatTime(grant.since), FormatTime(grant.until), grant.principal,
        FormatTime(ReviewBy(grant)), grant.reason);
  }
  session.Data({{"ledger", ToJson(home.emergency())}, {"not_taken_in", std::move(grants)}});
  session.Say(text);
  return {};
}

Status List(Session& session, const GlassOptions& options) {
  Result<home::Home> home = session.OpenHome();
  if (!home) {
    return home::IsLedgerFailure(home.error()) ? ListInEmergency(session) : Fail(home.error());
  }
  const UtcTime now = home->clock().Now();
  CANDOUR_ASSIGN(const std::vector<GlassCase> cases, ledger::GlassCases(home->ledger()));
  json data = json::array();
  std::string text = cases.empty() ? "The glass was never broken.\n" : "";
  for (const GlassCase& one : cases) {
    data.push_back(CaseJson(one, now));
    text += CaseText(one, now);
  }
  const bool overdue =
      std::ranges::any_of(cases, [now](const GlassCase& one) { return one.overdue(now); });
  if (options.check && overdue) {
    session.Say(text);
    return Fail(Error{.code = ErrorCode::kConflict,
                      .message = "An emergency was not reviewed within 24 hours."}
                    .FixBy("the data-protection officer or the governance lead")
                    .Next("candour break-glass review N --as WHO --finding TEXT"));
  }
  session.Data(std::move(data));
  session.Say(text);
  return {};
}

Status Review(Session& session, const GlassOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kReviewBreakGlass));
  CANDOUR_ASSIGN(const std::uint64_t entry, ledger::ReviewGlass(home.ledger(), options.entry,
                                                                {.principal = actor.principal,
                                                                 .os_user = actor.os_user,
                                                                 .reason = options.text}));
  session.Data({{"entry", entry}, {"reviewed", options.entry}});
  session.Say(fmt::format("The review is entry {} of the ledger.", entry));
  return {};
}

Status SetAside(Session& session, const GlassOptions& options) {
  CANDOUR_TRY(ledger::CheckReason("reason", options.text));
  CANDOUR_ASSIGN(home::Home home, session.OpenHome(home::GlassFiles::kLeave));
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kReviewBreakGlass));
  CANDOUR_ASSIGN(const std::uint64_t entry, home.SetAsideDamagedGlass(actor, options.text));
  session.Data({{"entry", entry}});
  session.Say(fmt::format(
      "The damaged file is set aside and kept. Entry {} of the ledger says that accesses may be\n"
      "missing; it is to be reviewed as any emergency.",
      entry));
  return {};
}

CLI::App* Add(CLI::App& group, Session& session, const std::shared_ptr<GlassOptions>& options,
              const std::string& name, const std::string& help,
              Status (*run)(Session&, const GlassOptions&)) {
  CLI::App* const command = group.add_subcommand(name, help);
  command->callback([&session, options, run] {
    session.chosen = [&session, options, run] { return run(session, *options); };
  });
  return command;
}

}  // namespace

void AddBreakGlassCommands(CLI::App& app, Session& session) {
  CLI::App* const group = app.add_subcommand(
      "break-glass", "Help people while the ledger cannot be written; review it afterwards");
  group->require_subcommand(1);
  group->footer(
      "Example: candour break-glass open --as frontline --reason \"A caller is in danger\"");
  const auto options = std::make_shared<GlassOptions>();

  CLI::App* const open =
      Add(*group, session, options, "open",
          "Break the glass for sixty minutes; refused while there is no need", &Open);
  open->add_option("--as", options->as, "The principal who breaks it")->required();
  open->add_option("--reason", options->text, "Why, in plain words")->required();
  open->footer("Example: candour break-glass open --as frontline --reason \"A caller in danger\"");

  CLI::App* const list =
      Add(*group, session, options, "list", "Emergencies, and which wait for a review", &List);
  list->add_flag("--check", options->check, "Exit with 1 when a review is overdue");
  list->footer("Example: candour break-glass list --check");

  CLI::App* const review =
      Add(*group, session, options, "review", "Say what was found about an emergency", &Review);
  review->add_option("ENTRY", options->entry, "Its number, from list")->required();
  review->add_option("--as", options->as, "The principal who reviews")->required();
  review->add_option("--finding", options->text, "What was found, in plain words")->required();
  review->footer("Example: candour break-glass review 12 --as dpo --finding \"Right and needed\"");

  CLI::App* const aside =
      Add(*group, session, options, "set-aside",
          "Go on without what a damaged break-glass file cannot tell", &SetAside);
  aside->add_option("--as", options->as, "The principal who decides it")->required();
  aside->add_option("--reason", options->text, "Why, in plain words")->required();
  aside->footer("Example: candour break-glass set-aside --as dpo --reason \"The disk is dead\"");
}

}  // namespace candour::cli
