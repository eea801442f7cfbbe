// query: data, through the door.

#include <fmt/format.h>

#include "cli/answer.h"
#include "cli/progress.h"
#include "cli/read_input.h"
#include "cli/session.h"
#include "gate/syntax.h"

namespace candour::cli {
namespace {

struct QueryOptions {
  std::string as;
  std::string use;
  std::string sql;
  std::string file;
  std::string format = "table";
  std::string output;
  bool break_glass = false;
};

Result<std::string> ReadSql(const QueryOptions& options) {
  if (options.file.empty()) return options.sql;
  return ReadInput(options.file, gate::kMaxSqlBytes, ErrorCode::kSqlSyntax);
}

/// What the one who asked learns about the access itself.
std::string Footnote(const gate::AccessReport& report, bool break_glass) {
  std::string text =
      fmt::format("{} row{}, access {} recorded{}", report.rows, report.rows == 1 ? "" : "s",
                  report.number, break_glass ? " in this emergency" : "");
  if (report.protected_figures > 0) {
    text +=
        fmt::format("; {} figure{} about fewer than {} people withheld", report.protected_figures,
                    report.protected_figures == 1 ? "" : "s", report.threshold);
  }
  return text;
}

Status Query(Session& session, const QueryOptions& options) {
  CANDOUR_ASSIGN(const std::string sql, ReadSql(options));
  if (sql.empty()) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = "there is no statement",
                      .expected = "a SELECT, or --file"});
  }
  // Under --json the answer is JSON, but a file that was asked for is still written.
  const bool to_file = options.format == "parquet";
  CANDOUR_ASSIGN(
      const auto writer,
      MakeAnswerWriter(session.json && !to_file ? "json" : options.format, options.output));
  CANDOUR_ASSIGN(home::Home home, session.OpenHomeFor(options.break_glass));
  CANDOUR_ASSIGN(const home::Actor actor,
                 session.ActAs(home, options.as, accounts::Action::kQuery));
  CANDOUR_TRY(session.EnterBrokenGlass(home, actor.principal));
  CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
  std::optional<ProgressBar> bar(options.use);
  gate::AnswerSink sink = writer->Sink();
  sink.progress = [&bar](double done) { bar->Show(done); };
  // The bar goes before the first line of the answer comes.
  sink.columns = [&bar, write = sink.columns](const std::vector<engine::Column>& columns) {
    bar.reset();
    return write(columns);
  };
  CANDOUR_ASSIGN(
      const gate::AccessReport report,
      gate::Access(
          setting, home.recorder(),
          {.use = options.use, .principal = actor.principal, .sql = sql, .os_user = actor.os_user},
          sink));
  CANDOUR_TRY(writer->End(report));
  if (to_file) {
    session.Data({{"file", options.output},
                  {"rows", report.rows},
                  {"access", report.number},
                  {"output", policy::ToString(report.output)}});
  } else {
    session.Written();
  }
  if (!session.json && options.format != "json") {
    std::fflush(stdout);
    fmt::print(stderr, "{}\n", Footnote(report, options.break_glass));
  }
  return {};
}

}  // namespace

void AddQueryCommand(CLI::App& app, Session& session) {
  CLI::App* query = app.add_subcommand("query", "Ask for data under a use");
  const auto options = std::make_shared<QueryOptions>();
  query->add_option("--as", options->as, "The principal who asks")->required();
  query->add_option("--use", options->use, "The use it is asked under")->required();
  query->add_option("SQL", options->sql, "One SELECT");
  query->add_option("--file", options->file, "Read the SELECT from a file; - reads standard input");
  query->add_option("--format", options->format, "table, csv, json or parquet")
      ->capture_default_str()
      ->check(CLI::IsMember({"table", "csv", "json", "parquet"}));
  query->add_option("--output", options->output, "The file to write, for parquet");
  query->add_flag("--break-glass", options->break_glass,
                  "While the ledger is away: see candour break-glass");
  query->footer(
      "Example: candour query --as analyst --use basket-insight\n"
      "           \"SELECT department, count(*) FROM food.transactions JOIN food.products\n"
      "            USING (product_id) GROUP BY department\"");
  query->callback([&session, options] {
    session.chosen = [&session, options] { return Query(session, *options); };
  });
}

}  // namespace candour::cli
