#include "door/quick_door.h"

#include <fmt/format.h>

#include "pseudonym/pseudonym.h"

namespace candour::door {
namespace {

crypto::Secret CopyOf(const crypto::Secret& key) {
  crypto::Secret copy(key.size());
  std::ranges::copy(key.Reveal(), copy.Fill());
  return copy;
}

}  // namespace

QuickDoor::QuickDoor(gate::Setting setting, std::string use, int threads)
    : setting_(std::move(setting)),
      threads_(threads),
      decision_(policy::Decide(setting_.rules, {std::move(use), "analyst"}, setting_.clock.Now())) {
  if (decision_.denial) throw std::runtime_error(decision_.denial->ToString());
  parser_.emplace(Must(engine::Database::Open({.memory_mb = 512, .threads = 1})));
  Must(parser_->Lock());
  for (const policy::DatasetPlan& plan : decision_.datasets) {
    opened_.push_back(Must(gate::OpenDataset(decision_, plan, setting_)));
  }
}

engine::Database& QuickDoor::EngineFor(bool computes) {
  if (const auto found = engines_.find(computes); found != engines_.end()) return found->second;
  auto engine = Must(engine::Database::Open({.memory_mb = 2048, .threads = threads_}));
  if (computes) Must(engine.HideStatistics());
  for (std::size_t i = 0; i < opened_.size(); ++i) {
    Must(engine.AttachReadOnly(opened_[i].version.file,
                               fmt::format("{}{}", gate::kDatasetAlias, i)));
    if (opened_[i].permitted == nullptr) continue;
    Must(engine.AddMembership(fmt::format("{}{}", gate::kPermittedFunction, i),
                              opened_[i].permitted));
  }
  const auto people = setting_.people;
  Must(engine.AddPersonOf(gate::kPersonFunction, people->person_of));
  Must(engine.AddPeople(gate::kPeopleFunction, people->person_of, decision_.use->threshold));
  const auto pseudonyms = std::make_shared<const pseudonym::Pseudonymiser>(
      CopyOf(setting_.pseudonym_key), pseudonym::UseDomain(decision_.use->id));
  Must(engine.AddRecordText(gate::kPseudonymFunction, [people, pseudonyms](PersonNo person) {
    return pseudonyms->Of(people->id_of.at(person));
  }));
  Must(engine.Lock());
  return engines_.emplace(computes, std::move(engine)).first->second;
}

Answer QuickDoor::Ask(const std::string& sql) {
  Answer answer;
  gate::Syntax syntax(*parser_);
  const auto tree = syntax.Parse(sql);
  if (!tree) {
    answer.error = tree.error();
    return answer;
  }
  auto plan = gate::Rewrite(syntax, sql, *tree, decision_);
  if (!plan) {
    answer.error = plan.error();
    return answer;
  }
  plan_ = *std::move(plan);
  engine::Database& engine = EngineFor(plan_.computes);
  if (const Status status = Run(engine, answer); !status) answer.error = status.error();
  for (const gate::Stage& stage : plan_.stages) {
    Must(engine.Run("DROP TABLE IF EXISTS " + engine::QuoteIdentifier(stage.cells.raw)));
    Must(engine.Run("DROP TABLE IF EXISTS " + engine::QuoteIdentifier(stage.cells.published)));
  }
  return answer;
}

Status QuickDoor::Run(engine::Database& engine, Answer& answer) {
  for (const gate::Stage& stage : plan_.stages) {
    CANDOUR_TRY(engine.Run(fmt::format("CREATE TABLE {} AS {}", stage.cells.raw, stage.sql)));
    CANDOUR_TRY(disclosure::Publish(engine, stage.cells));
  }
  CANDOUR_ASSIGN(engine::Table table, engine.Query(plan_.sql));
  const std::size_t width = plan_.columns.size();
  for (std::size_t i = 0; i < width; ++i) {
    answer.columns.push_back({plan_.columns[i].name, table.columns[i].type});
  }
  for (auto& row : table.rows) {
    std::vector<gate::Protection> marks;
    for (const gate::OutputColumn& column : plan_.columns) {
      marks.push_back(column.companion < 0
                          ? ""
                          : engine::ToText(row[static_cast<std::size_t>(column.companion)]));
    }
    if (decision_.use->output == policy::Output::kAggregates) {
      answer.protections.push_back(std::move(marks));
    } else {
      answer.protections.emplace_back();
    }
    row.resize(width);
    answer.rows.push_back(std::move(row));
  }
  return {};
}

}  // namespace candour::door
