// init, plan, apply: a home and its declarations.

#include <fmt/format.h>

#include "cli/session.h"
#include "home/custody.h"
#include "home/init.h"
#include "home/load.h"
#include "home/plan.h"

namespace candour::cli {
namespace {

namespace fs = std::filesystem;

/// A folder of declarations without state is somebody's home, cloned or copied: it only lacks that.
bool HasDeclarationsOnly(const fs::path& dir) {
  return fs::exists(dir / "candour.yaml") && !fs::exists(dir / "state");
}

Status Init(Session& session, const std::string& dir) {
  if (HasDeclarationsOnly(dir)) {
    CANDOUR_TRY(home::MakeState(dir));
  } else {
    CANDOUR_TRY(home::InitHome(dir));
  }
  CANDOUR_ASSIGN(const fs::path key, home::MakeKey(dir));
  session.Data({{"home", dir}, {"key_file", key.string()}});
  session.Say(fmt::format(
      "A home is ready in {0}.\n"
      "Its root key is {1}: keep it out of the home's backups; without it no pseudonym can be made "
      "again.\n\nNext:\n  candour --home {0} plan\n  candour --home {0} apply\n  candour --home "
      "{0} "
      "adopt --all\n",
      dir, key.string()));
  return {};
}

struct Planned {
  home::Declarations declarations;
  home::Plan plan;
};

Result<Planned> MakePlan(Session& session, home::Home& home) {
  CANDOUR_ASSIGN(home::Reading reading, home::LoadHome(home.dir()));
  if (!reading.ok()) return std::unexpected(session.ReportAll(reading.errors).error());
  CANDOUR_ASSIGN(home::Plan plan, home.PlanFor(reading.declarations));
  return Planned{std::move(reading.declarations), std::move(plan)};
}

Status PlanCommand(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const Planned planned, MakePlan(session, home));
  session.Data(home::ToJson(planned.plan));
  session.Say(home::ToText(planned.plan));
  return {};
}

Status ApplyCommand(Session& session) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const Planned planned, MakePlan(session, home));
  nlohmann::json data = {{"plan", home::ToJson(planned.plan)}};
  session.Say(home::ToText(planned.plan));
  if (planned.plan.ChangesNothing()) {
    session.Data(std::move(data));
    return {};
  }
  CANDOUR_ASSIGN(const home::AppliedVersion version,
                 home.Apply(planned.declarations, {.os_user = Session::OsUser()}));
  data["version"] = version.number;
  session.Data(std::move(data));
  session.Say(fmt::format("In force as version {}.", version.number));
  return {};
}

}  // namespace

void AddHomeCommands(CLI::App& app, Session& session) {
  CLI::App* init =
      app.add_subcommand("init",
                         "Make a new home with commented examples, or complete a folder of "
                         "declarations");
  const auto dir = std::make_shared<std::string>();
  init->add_option("DIR", *dir, "The folder to make")->required();
  init->footer("Example: candour init shop");
  init->callback(
      [&session, dir] { session.chosen = [&session, dir] { return Init(session, *dir); }; });

  CLI::App* plan = app.add_subcommand(
      "plan", "Check all declarations and show what apply would change, and for how many people");
  plan->footer("Example: candour --home shop plan");
  plan->callback([&session] { session.chosen = [&session] { return PlanCommand(session); }; });

  CLI::App* apply = app.add_subcommand("apply", "Put the declarations into force, all or nothing");
  apply->footer("Example: candour --home shop apply");
  apply->callback([&session] { session.chosen = [&session] { return ApplyCommand(session); }; });
}

}  // namespace candour::cli
