// list, describe: what there is, and what of it a principal may see, for what.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.h"
#include "cli/answer.h"
#include "cli/session.h"

namespace candour::cli {
namespace {

using nlohmann::json;

std::string StateOf(const policy::Use& use, UtcTime now) {
  if (use.approval.state != policy::Approval::State::kApproved) {
    return std::string(policy::ToString(use.approval.state));
  }
  if (use.from && now < *use.from) return "not begun";
  if (use.until && now >= *use.until) return "ended";
  return "in force";
}

Status List(Session& session, const std::string& as) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const home::Declarations& declared = home.in_force();
  json uses = json::array();
  std::vector<std::vector<std::string>> use_lines = {{"use", "state", "output", "for", "title"}};
  for (const policy::Use& use : declared.uses) {
    if (!as.empty() && std::ranges::find(use.principals, as) == use.principals.end()) continue;
    const std::string state = StateOf(use, home.clock().Now());
    use_lines.push_back({use.id, state, std::string(policy::ToString(use.output)),
                         JoinNames(use.principals), use.title});
    uses.push_back({{"use", use.id},
                    {"state", state},
                    {"output", policy::ToString(use.output)},
                    {"principals", use.principals},
                    {"title", use.title}});
  }
  json datasets = json::array();
  std::vector<std::vector<std::string>> lines = {{"dataset", "rows", "unit", "origin", "title"}};
  for (const catalogue::Dataset& dataset : declared.datasets) {
    const auto version = intake::LoadCurrent(home.state_dir(), dataset.name);
    lines.push_back({dataset.name, version ? fmt::format("{}", version->rows) : "not adopted",
                     dataset.unit, dataset.origin, dataset.title});
    datasets.push_back({{"dataset", dataset.name},
                        {"rows", version ? json(version->rows) : json(nullptr)},
                        {"unit", dataset.unit},
                        {"origin", dataset.origin},
                        {"title", dataset.title}});
  }
  std::vector<std::string> principals;
  for (const accounts::Principal& principal : declared.principals) {
    principals.push_back(principal.id);
  }
  session.Data({{"uses", uses}, {"datasets", datasets}, {"principals", principals}});
  session.Say(fmt::format("{}\n{}\nprincipals: {}\n", AlignedTable(use_lines), AlignedTable(lines),
                          fmt::join(principals, ", ")));
  return {};
}

std::string Marks(const catalogue::Field& field) {
  std::vector<std::string> marks;
  if (field.identifier) marks.emplace_back("identifier");
  if (field.groupable) marks.emplace_back("groupable");
  if (field.measure) marks.emplace_back("measure");
  if (field.mask != catalogue::Mask::kNone) {
    marks.push_back(fmt::format("mask {}", catalogue::ToString(field.mask)));
  }
  return fmt::format("{}", fmt::join(marks, ", "));
}

Status DescribeDataset(Session& session, const catalogue::Dataset& dataset) {
  std::vector<std::vector<std::string>> lines = {
      {"field", "type", "category", "sensitivity", "marks", "description"}};
  json fields = json::array();
  for (const catalogue::Field& field : dataset.fields) {
    lines.push_back({field.name, std::string(SqlName(field.type)), field.category,
                     std::string(ToString(field.sensitivity)), Marks(field), field.description});
    fields.push_back({{"name", field.name},
                      {"type", SqlName(field.type)},
                      {"category", field.category},
                      {"sensitivity", ToString(field.sensitivity)},
                      {"groupable", field.groupable},
                      {"measure", field.measure},
                      {"description", field.description}});
  }
  session.Data({{"dataset", dataset.name},
                {"title", dataset.title},
                {"unit", dataset.unit},
                {"owner", dataset.owner},
                {"stewards", dataset.stewards},
                {"origin", dataset.origin},
                {"licence", dataset.licence},
                {"fields", fields}});
  session.Say(fmt::format("{}: {}\n{}\n\nunit {}, owner {}, steward {}; {} data, licence {}\n\n{}",
                          dataset.name, dataset.title, dataset.description, dataset.unit,
                          dataset.owner, JoinNames(dataset.stewards), dataset.origin,
                          dataset.licence, AlignedTable(lines)));
  return {};
}

Status DescribeUse(Session& session, const home::Home& home, const policy::Use& use) {
  const consent::Purpose* purpose = home.in_force().FindPurpose(use.purpose);
  std::string text = fmt::format(
      "{}: {}\n{}\n\npurpose    {} ({})\nin name of {}, channel {}\nfor        {}\n"
      "recipient  {}\noutput     {}\nstate      {}\n",
      use.id, use.title, use.text, use.purpose,
      purpose == nullptr ? "" : consent::ToString(purpose->basis), use.unit, use.channel,
      JoinNames(use.principals), use.recipient.name, policy::ToString(use.output),
      StateOf(use, home.clock().Now()));
  if (!use.approval.reason.empty()) text += fmt::format("reason     {}\n", use.approval.reason);
  if (use.output == policy::Output::kAggregates) {
    text += fmt::format("threshold  figures about at least {} people\n", use.threshold);
  }
  json grants = json::array();
  for (const policy::Grant& grant : use.grants) {
    text += fmt::format("\n{}\n", grant.dataset);
    const catalogue::Dataset* dataset = home.in_force().FindDataset(grant.dataset);
    for (const std::string& name : grant.fields) {
      const catalogue::Field* field = dataset == nullptr ? nullptr : dataset->FindField(name);
      text += fmt::format("  {:<24}{}\n", name, field == nullptr ? "" : Marks(*field));
    }
    grants.push_back({{"dataset", grant.dataset},
                      {"fields", grant.fields},
                      {"masked", grant.masked},
                      {"row_categories", grant.row_categories}});
  }
  session.Data({{"use", use.id},
                {"title", use.title},
                {"text", use.text},
                {"purpose", use.purpose},
                {"unit", use.unit},
                {"principals", use.principals},
                {"recipient", use.recipient.name},
                {"output", policy::ToString(use.output)},
                {"state", StateOf(use, home.clock().Now())},
                {"grants", grants}});
  session.Say(text);
  return {};
}

Status DescribePurpose(Session& session, const consent::Purpose& purpose) {
  session.Data({{"purpose", purpose.id},
                {"name", purpose.name},
                {"text", purpose.text},
                {"dpv", purpose.dpv},
                {"legal_basis", consent::ToString(purpose.basis)}});
  session.Say(fmt::format("{}: {}\n{}\n\nlegal basis {}, {}\n{}", purpose.id, purpose.name,
                          purpose.text, consent::ToString(purpose.basis), purpose.dpv,
                          purpose.balancing.empty() ? "" : "balancing: " + purpose.balancing));
  return {};
}

Status Describe(Session& session, const std::string& name) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const home::Declarations& declared = home.in_force();
  if (const auto* use = declared.FindUse(name)) return DescribeUse(session, home, *use);
  if (const auto* dataset = declared.FindDataset(name)) return DescribeDataset(session, *dataset);
  if (const auto* purpose = declared.FindPurpose(name)) return DescribePurpose(session, *purpose);
  std::vector<std::string> names;
  for (const policy::Use& use : declared.uses) names.push_back(use.id);
  for (const catalogue::Dataset& dataset : declared.datasets) names.push_back(dataset.name);
  for (const consent::Purpose& purpose : declared.purposes) names.push_back(purpose.id);
  return Fail(
      Error{.code = ErrorCode::kNotFound,
            .message = fmt::format("no use, dataset or purpose named {} is in force", Quoted(name)),
            .expected = SuggestName(name, names),
            .next = "candour list"});
}

}  // namespace

void AddCatalogueCommands(CLI::App& app, Session& session) {
  CLI::App* list = app.add_subcommand("list", "List uses, datasets and principals in force");
  const auto as = std::make_shared<std::string>();
  list->add_option("--as", *as, "Only the uses of this principal");
  list->footer("Example: candour list --as analyst");
  list->callback(
      [&session, as] { session.chosen = [&session, as] { return List(session, *as); }; });

  CLI::App* describe = app.add_subcommand("describe", "Describe a use, a dataset or a purpose");
  const auto name = std::make_shared<std::string>();
  describe->add_option("NAME", *name, "Its name")->required();
  describe->footer("Example: candour describe basket-insight");
  describe->callback(
      [&session, name] { session.chosen = [&session, name] { return Describe(session, *name); }; });
}

}  // namespace candour::cli
