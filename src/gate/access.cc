#include "gate/access.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/canonical_json.h"
#include "engine/progress_watch.h"
#include "intake/sealed_version.h"
#include "pseudonym/pseudonym.h"

namespace candour::gate {
namespace {

using engine::Database;
using engine::Value;

/// The engine's words stay here: they may quote a value of somebody's row.
Error WithoutEngineText(const Error& error) {
  if (error.code != ErrorCode::kDataInvalid) return error;
  if (error.message.starts_with("Out of Memory")) {
    return Error{.code = ErrorCode::kExhausted,
                 .message = "the statement needs more memory than a query may have",
                 .next = "ask for fewer columns, groups or rows"};
  }
  if (error.message.starts_with("Binder Error")) {
    return Error{.code = ErrorCode::kSqlExpression,
                 .message = "the types in an expression do not fit together",
                 .next = "write the conversion that is meant with TRY_CAST"};
  }
  return Error{.code = ErrorCode::kSqlExpression,
               .message = "an expression could not be computed for a row that you may see",
               .next = "use TRY_CAST or TRY, which give null instead"};
}

/// The silence that the use declares, as it is fixed for an access that begins now.
std::optional<ledger::Silence> SilenceOf(const policy::Use& use, UtcTime now) {
  if (!use.silence) return std::nullopt;
  return ledger::Silence{.ground = std::string(ToString(use.silence->ground)),
                         .until = policy::After(now, use.silence->span),
                         .review = use.silence->then == policy::SilenceEnd::kReview};
}

/// One access on its way through the door.
class AccessRun {
 public:
  AccessRun(const Setting& setting, ledger::Recorder& recorder, const AccessRequest& request,
            const AnswerSink& sink)
      : setting_(setting), recorder_(recorder), request_(request), sink_(sink) {}

  Result<AccessReport> Run() {
    auto explanation = Explain(setting_, request_);
    if (!explanation) return Refused(std::move(explanation).error());
    decision_ = std::move(explanation->decision);
    plan_ = std::move(explanation->plan);
    CANDOUR_TRY(OpenData());
    CANDOUR_ASSIGN(Database engine, Prepare());
    CANDOUR_TRY(RecordStart());
    Status status =
        decision_.use->output == policy::Output::kAggregates ? RunFigures(engine) : RunRows(engine);
    if (!status) {
      // The access happened, whatever came of it; the record says so.
      CANDOUR_TRY(recorder_.Finished(report_.number, ReleasedSoFar(), report_.rows, "failed"));
      return Fail(WithoutEngineText(status.error()));
    }
    return report_;
  }

 private:
  std::unexpected<Error> Refused(Error error) {
    const Json body = {{"use", request_.use}, {"code", std::string(InfoOf(error.code).name)}};
    auto recorded = recorder_.Append(ledger::EntryType::kDenied, body);
    if (!recorded) return std::unexpected(std::move(recorded).error());
    return std::unexpected(std::move(error));
  }

  Status OpenData() {
    for (const std::size_t number : plan_.datasets) {
      CANDOUR_ASSIGN(OpenedDataset opened,
                     OpenDataset(decision_, decision_.datasets[number], setting_));
      available_.UniteWith(opened.available);
      opened_.emplace(number, std::move(opened));
    }
    return {};
  }

  /// An engine that holds what the plan reads, and can reach nothing else.
  Result<Database> Prepare() {
    CANDOUR_ASSIGN(Database engine, Database::Open());
    if (plan_.computes) CANDOUR_TRY(engine.HideStatistics());
    for (const auto& [number, opened] : opened_) {
      CANDOUR_TRY(intake::AttachRows(engine, opened.version, setting_.key_encryption_key,
                                     fmt::format("{}{}", kDatasetAlias, number)));
      if (opened.permitted == nullptr) continue;
      CANDOUR_TRY(
          engine.AddMembership(fmt::format("{}{}", kPermittedFunction, number), opened.permitted));
    }
    const auto& people = setting_.people;
    CANDOUR_TRY(engine.AddPersonOf(kPersonFunction, people->person_of));
    CANDOUR_TRY(engine.AddPeople(kPeopleFunction, people->person_of, decision_.use->threshold));
    const auto pseudonymiser = std::make_shared<const pseudonym::Pseudonymiser>(
        setting_.pseudonym_key.Copy(), pseudonym::UseDomain(decision_.use->id));
    CANDOUR_TRY(engine.AddRecordText(kPseudonymFunction, [people, pseudonymiser](PersonNo person) {
      return person < people->id_of.size() ? pseudonymiser->Of(people->id_of[person]) : "";
    }));
    CANDOUR_TRY(engine.Lock());
    return engine;
  }

  Status RecordStart() {
    report_.output = decision_.use->output;
    report_.threshold = decision_.use->threshold;
    report_.available_people = static_cast<std::int64_t>(setting_.people->CountPeople(available_));
    std::vector<std::string> datasets;
    for (const std::size_t number : plan_.datasets) {
      datasets.push_back(decision_.datasets[number].dataset->name);
    }
    CANDOUR_ASSIGN(available_id_, recorder_.StoreSet(available_));
    CANDOUR_ASSIGN(report_.number,
                   recorder_.Started({.principal = request_.principal,
                                      .use = request_.use,
                                      .purpose = decision_.use->purpose,
                                      .recipient = decision_.use->recipient.name,
                                      .output = std::string(ToString(decision_.use->output)),
                                      .datasets = fmt::format("{}", fmt::join(datasets, ",")),
                                      .statement = request_.sql,
                                      .os_user = request_.os_user,
                                      .available = available_id_,
                                      .available_people = report_.available_people,
                                      .silence = SilenceOf(*decision_.use, setting_.clock.Now())}));
    return {};
  }

  Result<engine::Table> Compute(Database& engine) {
    std::optional<engine::ProgressWatch> watch;
    if (sink_.progress) watch.emplace(engine, sink_.progress);
    for (const Stage& stage : plan_.stages) {
      CANDOUR_TRY(engine.Run(fmt::format("CREATE TABLE {} AS {}", stage.cells.raw, stage.sql)));
      CANDOUR_TRY(disclosure::Publish(engine, stage.cells));
    }
    return engine.Query(plan_.sql);
  }

  /// Figures: everything is computed, protected and recorded before the first one is handed over.
  Status RunFigures(Database& engine) {
    CANDOUR_ASSIGN(engine::Table table, Compute(engine));
    report_.rows = static_cast<std::int64_t>(table.rows.size());
    for (const auto& row : table.rows) {
      for (const Protection& protection : ProtectionsOf(row)) {
        report_.protected_figures += protection.empty() ? 0 : 1;
      }
    }
    CANDOUR_TRY(recorder_.Finished(report_.number, std::nullopt, report_.rows, "released"));
    CANDOUR_TRY(sink_.columns(Visible(table.columns)));
    for (auto& row : table.rows) {
      const std::vector<Protection> protections = ProtectionsOf(row);
      row.resize(plan_.columns.size());
      CANDOUR_TRY(sink_.row(row, protections));
    }
    return {};
  }

  /// Rows: handed over as they come; whose rows they were is recorded at the end.
  Status RunRows(Database& engine) {
    std::vector<Value> visible;
    CANDOUR_TRY(engine.Stream(
        plan_.sql,
        [this](const std::vector<engine::Column>& columns) {
          return sink_.columns(Visible(columns));
        },
        [this, &visible](const std::vector<Value>& row) -> Status {
          for (const int index : plan_.records) {
            const Value& record = row[static_cast<std::size_t>(index)];
            if (const auto* number = std::get_if<std::int64_t>(&record)) {
              released_.Add(static_cast<std::size_t>(*number));
            }
          }
          ++report_.rows;
          const auto end = row.begin() + static_cast<std::ptrdiff_t>(plan_.columns.size());
          visible.assign(row.begin(), end);
          return sink_.row(visible, {});
        }));
    return recorder_.Finished(report_.number, ReleasedSoFar(), report_.rows, "released");
  }

  /// The released set of a row output. Where rows no longer say whose they are, everybody whose
  /// data was available may be in them.
  std::optional<ledger::SetId> ReleasedSoFar() {
    if (decision_.use->output == policy::Output::kAggregates) return std::nullopt;
    if (!plan_.exact_records) return available_id_;
    auto stored = recorder_.StoreSet(released_);
    return stored ? *stored : available_id_;
  }

  std::vector<engine::Column> Visible(const std::vector<engine::Column>& all) const {
    std::vector<engine::Column> columns;
    for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
      columns.push_back({plan_.columns[i].name, all[i].type});
    }
    return columns;
  }

  std::vector<Protection> ProtectionsOf(const std::vector<Value>& row) const {
    std::vector<Protection> protections;
    for (const OutputColumn& column : plan_.columns) {
      protections.push_back(column.companion < 0
                                ? ""
                                : engine::ToText(row[static_cast<std::size_t>(column.companion)]));
    }
    return protections;
  }

  const Setting& setting_;
  ledger::Recorder& recorder_;
  const AccessRequest& request_;
  const AnswerSink& sink_;
  policy::Decision decision_;
  Plan plan_;
  std::map<std::size_t, OpenedDataset> opened_;
  Bitmap available_;
  Bitmap released_;
  ledger::SetId available_id_;
  AccessReport report_;
};

}  // namespace

Result<Explanation> Explain(const Setting& setting, const AccessRequest& request) {
  Explanation explanation;
  explanation.decision = policy::Decide(
      setting.rules, {.use = request.use, .principal = request.principal}, setting.clock.Now());
  if (explanation.decision.denial) return Fail(*explanation.decision.denial);
  Standby own;
  Standby& standby = setting.standby == nullptr ? own : *setting.standby;
  CANDOUR_ASSIGN(Database* const parser, standby.Parser());
  Syntax syntax(*parser);
  CANDOUR_ASSIGN(const Json tree, syntax.Parse(request.sql));
  CANDOUR_ASSIGN(explanation.plan, Rewrite(syntax, request.sql, tree, explanation.decision));
  return explanation;
}

Result<AccessReport> Access(const Setting& setting, ledger::Recorder& recorder,
                            const AccessRequest& request, const AnswerSink& sink) {
  return AccessRun(setting, recorder, request, sink).Run();
}

}  // namespace candour::gate
