// adopt: reads sources into datasets.

#include <fmt/format.h>

#include "cli/progress.h"
#include "cli/session.h"

namespace candour::cli {
namespace {

/// The datasets in an order in which each finds its look-up adopted.
std::vector<std::string> AllInOrder(const home::Declarations& declarations) {
  std::vector<std::string> names;
  for (const bool looks_up : {false, true}) {
    for (const catalogue::Dataset& dataset : declarations.datasets) {
      if (dataset.row_category.has_value() == looks_up) names.push_back(dataset.name);
    }
  }
  return names;
}

nlohmann::json Describe(const std::string& name, const home::AdoptResult& result) {
  nlohmann::json out = {{"dataset", name},
                        {"version", result.report.version},
                        {"rows", result.report.rows},
                        {"people_records", result.report.people_records},
                        {"links", result.report.links},
                        {"ignored_columns", result.report.ignored_columns},
                        {"quarantined", nlohmann::json::array()},
                        {"mappings", nlohmann::json::array()}};
  for (const auto& [reason, count] : result.report.quarantined) {
    out["quarantined"].push_back({{"reason", reason}, {"rows", count}});
  }
  for (const home::MappingReport& mapping : result.mappings) {
    out["mappings"].push_back(
        {{"mapping", mapping.mapping}, {"rows", mapping.rows}, {"choices_added", mapping.added}});
  }
  return out;
}

std::string Tell(const std::string& name, const home::AdoptResult& result) {
  std::string text =
      fmt::format("{}: version {}, {} rows", name, result.report.version, result.report.rows);
  if (result.report.people_records > 0) {
    text += fmt::format(" of {} records", result.report.people_records);
  }
  if (result.report.links > 0) text += fmt::format(", {} links", result.report.links);
  text += '\n';
  for (const auto& [reason, count] : result.report.quarantined) {
    text += fmt::format("  quarantined {:>8} rows: {}\n", count, reason);
  }
  for (const std::string& column : result.report.ignored_columns) {
    text += fmt::format("  not in the contract, not taken: {}\n", column);
  }
  for (const home::MappingReport& mapping : result.mappings) {
    text += fmt::format("  flags read by {}: {} rows, {} choices new or changed\n", mapping.mapping,
                        mapping.rows, mapping.added);
  }
  return text;
}

Status Adopt(Session& session, std::vector<std::string> names, bool all) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  if (all) names = AllInOrder(home.in_force());
  if (names.empty()) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = "no dataset is named",
                      .expected = "dataset names, or --all"});
  }
  nlohmann::json data = nlohmann::json::array();
  for (const std::string& name : names) {
    ProgressBar bar(name);
    CANDOUR_ASSIGN(const home::AdoptResult result,
                   home.AdoptDataset(name, [&bar](double done) { bar.Show(done); }));
    data.push_back(Describe(name, result));
    session.Say(Tell(name, result));
  }
  session.Data(std::move(data));
  return {};
}

}  // namespace

void AddAdoptCommand(CLI::App& app, Session& session) {
  CLI::App* adopt = app.add_subcommand(
      "adopt",
      "Read a dataset's source into a new version; rows that break the contract go to "
      "quarantine");
  const auto names = std::make_shared<std::vector<std::string>>();
  const auto all = std::make_shared<bool>(false);
  adopt->add_option("DATASET", *names, "Datasets, as schema.table");
  adopt->add_flag("--all", *all, "Every declared dataset");
  adopt->footer("Example: candour --home shop adopt shop.customers");
  adopt->callback([&session, names, all] {
    session.chosen = [&session, names, all] { return Adopt(session, *names, *all); };
  });
}

}  // namespace candour::cli
