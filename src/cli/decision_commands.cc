// can, explain: the decision and its reasons, without moving any data.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "accounts/permission.h"
#include "base/nearest.h"
#include "cli/session.h"
#include "gate/access.h"

namespace candour::cli {
namespace {

using nlohmann::json;

struct AskOptions {
  std::string as;
  std::string use;
  std::string subject;  ///< a SELECT, an error code, or "roles"
};

/// Bands instead of counts: exact ones would tell whether one person said yes.
std::string Band(std::size_t people) {
  for (const std::size_t limit : {10, 100, 1000, 10'000, 100'000, 1'000'000}) {
    if (people < limit) {
      return limit == 10 ? "fewer than 10 people"
                         : fmt::format("{} to {} people", limit / 10, limit - 1);
    }
  }
  return "a million people or more";
}

json ReasonsJson(const policy::Decision& decision) {
  json reasons = json::array();
  for (const policy::Reason& reason : decision.reasons) {
    reasons.push_back({{"rule", reason.rule}, {"passed", reason.passed}, {"text", reason.text}});
  }
  return reasons;
}

std::string ReasonsText(const policy::Decision& decision) {
  std::string text;
  for (const policy::Reason& reason : decision.reasons) {
    text += fmt::format("  {} {:<19}{}\n", reason.passed ? "✓" : "✗", reason.rule, reason.text);
  }
  return text;
}

Result<policy::Decision> Decide(Session& session, home::Home& home, const AskOptions& options) {
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kExplain));
  return policy::Decide(home::RulesOf(home.in_force()),
                        {.use = options.use, .principal = actor.principal}, home.clock().Now());
}

Status Can(Session& session, const AskOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const policy::Decision decision, Decide(session, home, options));
  if (decision.denial) return Fail(*decision.denial);
  if (!options.subject.empty()) {
    CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
    CANDOUR_TRY(gate::Explain(
        setting, {.use = options.use, .principal = options.as, .sql = options.subject}));
  }
  session.Data({{"permitted", true},
                {"use", options.use},
                {"output", policy::ToString(decision.use->output)},
                {"reasons", ReasonsJson(decision)}});
  session.Say(fmt::format("yes: {} may act under {}, and {} may leave\n{}", options.as, options.use,
                          policy::ToString(decision.use->output), ReasonsText(decision)));
  return {};
}

std::string FieldText(const policy::ColumnPlan& column) {
  if (column.mask == catalogue::Mask::kNone) return column.field->name;
  return fmt::format("{} (masked: {})", column.field->name, catalogue::ToString(column.mask));
}

Status ExplainStatement(Session& session, const AskOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kExplain));
  CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
  CANDOUR_ASSIGN(
      const gate::Explanation explanation,
      gate::Explain(setting,
                    {.use = options.use, .principal = actor.principal, .sql = options.subject}));
  const policy::Decision& decision = explanation.decision;
  std::string text =
      fmt::format("permitted: {} under {}\n{}", options.as, options.use, ReasonsText(decision));
  json datasets = json::array();
  for (const std::size_t number : explanation.plan.datasets) {
    const policy::DatasetPlan& plan = decision.datasets[number];
    CANDOUR_ASSIGN(const gate::OpenedDataset opened, gate::OpenDataset(decision, plan, setting));
    const std::string people = plan.dataset->HasPeople()
                                   ? Band(setting.people->CountPeople(opened.available))
                                   : "nobody is in it";
    std::vector<std::string> fields;
    for (const policy::ColumnPlan& column : plan.columns) fields.push_back(FieldText(column));
    text += fmt::format("  reads {}: {}\n    fields: {}\n", plan.dataset->name, people,
                        fmt::join(fields, ", "));
    if (plan.dataset->row_category) {
      text += fmt::format("    rows of sensitive categories: {}\n",
                          plan.row_categories.empty()
                              ? "left out"
                              : fmt::format("only {}", fmt::join(plan.row_categories, ", ")));
    }
    datasets.push_back({{"dataset", plan.dataset->name}, {"people", people}, {"fields", fields}});
  }
  json stages = json::array();
  for (const gate::Stage& stage : explanation.plan.stages) {
    text += fmt::format(
        "  figures: {}, each about at least {} people, or withheld; computed by\n    {}\n",
        stage.cells.figures.size(), stage.cells.threshold, stage.sql);
    stages.push_back({{"figures", stage.cells.figures.size()},
                      {"threshold", stage.cells.threshold},
                      {"sql", stage.sql}});
  }
  text += fmt::format("  runs:\n    {}\n", explanation.plan.sql);
  session.Data({{"permitted", true},
                {"reasons", ReasonsJson(decision)},
                {"datasets", std::move(datasets)},
                {"stages", std::move(stages)},
                {"sql", explanation.plan.sql}});
  session.Say(text);
  return {};
}

Status ExplainCode(Session& session, const std::string& name) {
  if (const ErrorCodeInfo* info = FindErrorCode(name)) {
    session.Data({{"code", info->name},
                  {"exit_status", info->exit_status},
                  {"http_status", info->http_status},
                  {"sqlstate", info->sqlstate},
                  {"text", info->page}});
    session.Say(fmt::format("{}\n\n{}\n\nexit status {}, HTTP {}, SQLSTATE {}", info->name,
                            info->page, info->exit_status, info->http_status, info->sqlstate));
    return {};
  }
  std::vector<std::string> names;
#define CANDOUR_ERROR(enumerator, code, exit, http, sqlstate, page) names.emplace_back(code);
#include "base/error_code.def"
#undef CANDOUR_ERROR
  return Fail(Error{.code = ErrorCode::kNotFound,
                    .message = fmt::format("{} is no error code", Quoted(name)),
                    .expected = SuggestName(name, names),
                    .next = "candour explain --as WHO --use USE \"SELECT …\" explains a decision"});
}

Status Explain(Session& session, const AskOptions& options) {
  if (options.subject == "roles") {
    session.Say(accounts::PermissionTable());
    session.Data({{"text", accounts::PermissionTable()}});
    return {};
  }
  if (!options.use.empty() && !options.as.empty()) return ExplainStatement(session, options);
  return ExplainCode(session, options.subject);
}

}  // namespace

void AddDecisionCommands(CLI::App& app, Session& session) {
  CLI::App* can = app.add_subcommand("can", "Ask whether something would be permitted");
  const auto asked = std::make_shared<AskOptions>();
  can->add_option("--as", asked->as, "The principal who would ask")->required();
  can->add_option("--use", asked->use, "The use")->required();
  can->add_option("SQL", asked->subject, "A SELECT to check as well");
  can->footer("Example: candour can --as marketer --use member-offers");
  can->callback(
      [&session, asked] { session.chosen = [&session, asked] { return Can(session, *asked); }; });

  CLI::App* explain =
      app.add_subcommand("explain", "Explain a decision, an error code, or the roles");
  const auto subject = std::make_shared<AskOptions>();
  explain->add_option("SUBJECT", subject->subject, "An error code, roles, or a SELECT")->required();
  explain->add_option("--as", subject->as, "The principal, for a SELECT");
  explain->add_option("--use", subject->use, "The use, for a SELECT");
  explain->footer("Example: candour explain consent.withdrawn");
  explain->callback([&session, subject] {
    session.chosen = [&session, subject] { return Explain(session, *subject); };
  });
}

}  // namespace candour::cli
