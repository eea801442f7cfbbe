// person: what is held about one person, every access, and a statement that proves it. Each look-up
// is recorded itself.

#include <fmt/format.h>

#include "cli/erase_command.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "ledger/log.h"
#include "ledger/statement_check.h"
#include "rights/find_person.h"
#include "rights/person_accesses.h"
#include "rights/person_json.h"
#include "rights/person_statement.h"
#include "rights/person_text.h"
#include "rights/person_view.h"
#include "rights/statement_text.h"
#include "storage/durable_file.h"

namespace candour::cli {
namespace {

struct PersonOptions {
  std::vector<std::string> words;  ///< ID show|accesses|statement|erase, or find KEYSPACE KEY
  bool break_glass = false;
  std::string as;
  std::string purpose;
  int newest_rows = 5;
  std::size_t limit = 50;
  std::string from;
  std::string to;
  std::string out;
  std::string format = "text";
  std::string reason;
  bool yes = false;
  bool without_suppression = false;
};

Result<rights::PersonRequest> RequestOf(const home::Home& home, const PersonOptions& options,
                                        const PersonId& person) {
  const accounts::Principal* principal = home.in_force().FindPrincipal(options.as);
  rights::PersonRequest request{.person = person,
                                .principal = options.as,
                                .purpose = options.purpose,
                                .os_user = Session::OsUser(),
                                .principals = home.in_force().principals};
  // On the operator's command line a member is whoever the operator says; the server will ask for
  // a sign-in.
  if (principal != nullptr && principal->role == accounts::Role::kMember && !person.text.empty()) {
    request.self = person;
  }
  return request;
}

Status Show(Session& session, home::Home& home, const rights::PersonRequest& request,
            int newest_rows) {
  CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
  CANDOUR_ASSIGN(
      const rights::PersonView view,
      home.in_emergency()
          ? rights::ShowPersonInEmergency(setting, home.recorder(), home.people(), request,
                                          newest_rows)
          : rights::ShowPerson(setting, home.ledger(), home.people(), request, newest_rows));
  session.Data(rights::PersonJson(view));
  session.Say(rights::PersonText(view));
  return {};
}

Status Accesses(Session& session, home::Home& home, const rights::PersonRequest& request,
                std::size_t limit) {
  CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
  CANDOUR_ASSIGN(const std::vector<rights::AccessLine> lines,
                 rights::ShowAccesses(setting, home.ledger(), home.people(), request));
  session.Data(rights::AccessesJson(lines));
  session.Say(rights::AccessesText(lines, limit));
  return {};
}

/// What people read is what was checked, as they can check it themselves.
Result<ledger::CheckedStatement> CheckOwn(const ledger::Ledger& ledger, const std::string& file) {
  const std::vector<tlog::VerifierKey> keys = {ledger.statement_key(),
                                               ledger.log(ledger::LogName::kAccesses).key(),
                                               ledger.log(ledger::LogName::kChoices).key()};
  CANDOUR_ASSIGN(const ledger::StatementTrust trust, ledger::MakeStatementTrust(keys));
  return ledger::CheckStatement(file, trust);
}

Status Statement(Session& session, home::Home& home, const rights::PersonRequest& request,
                 const PersonOptions& options) {
  CANDOUR_ASSIGN(const rights::StatementPeriod period,
                 rights::ReadPeriod(options.from, options.to, home.clock().Now()));
  CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
  std::string file;
  {
    ProgressBar bar("proving");
    CANDOUR_ASSIGN(file, rights::MakeStatement(setting, home.ledger(), home.people(), request,
                                               period, [&bar](double part) { bar.Show(part); }));
  }
  CANDOUR_ASSIGN(const ledger::CheckedStatement checked, CheckOwn(home.ledger(), file));
  if (!options.out.empty()) {
    CANDOUR_TRY(storage::WriteDurably(storage::MachineFilesystem(), options.out, file));
  }
  nlohmann::json data = rights::StatementJson(checked);
  if (options.out.empty()) {
    data["statement"] = file;
  } else {
    data["file"] = options.out;
  }
  session.Data(std::move(data));
  session.Say(options.format == "json" ? file : rights::StatementText(checked));
  return {};
}

Status Find(Session& session, home::Home& home, const people::Identity& identity,
            const rights::PersonRequest& request) {
  CANDOUR_ASSIGN(const gate::Setting setting, home.Setting());
  CANDOUR_ASSIGN(const PersonId person,
                 rights::FindPerson(setting, home.recorder(), home.people(), identity, request));
  session.Data({{"person", person.text}});
  session.Say(person.text);
  return {};
}

Status Person(Session& session, const PersonOptions& options) {
  const std::vector<std::string>& words = options.words;
  const bool find = words.size() == 3 && words[0] == "find";
  const bool known = words.size() == 2 &&
                     (words[1] == "show" || words[1] == "accesses" || words[1] == "statement");
  if (words.size() == 2 && words[1] == "erase") {
    return ErasePerson(session, {.person = words[0],
                                 .as = options.as,
                                 .reason = options.reason,
                                 .yes = options.yes,
                                 .suppress = !options.without_suppression});
  }
  if (options.purpose.empty()) {
    return Fail(Error{.code = ErrorCode::kUsage, .message = "--purpose is required"});
  }
  if (!find && !known) {
    return Fail(Error{.code = ErrorCode::kUsage,
                      .message = "this is not how person is asked",
                      .expected = "person ID show, person ID accesses, person ID statement, "
                                  "person ID erase, or person find KEYSPACE KEY",
                      .next = "candour person --help"});
  }
  if (options.break_glass && !find && words[1] != "show") {
    return Fail(Error{.code = ErrorCode::kBreakGlassRefused,
                      .message = "what the ledger holds cannot be read while it is away",
                      .expected = "person ID show, or person find KEYSPACE KEY"});
  }
  CANDOUR_ASSIGN(home::Home home, session.OpenHomeFor(options.break_glass));
  CANDOUR_TRY(session.EnterBrokenGlass(home, options.as));
  const PersonId person{find ? "" : words[0]};
  CANDOUR_ASSIGN(const rights::PersonRequest request, RequestOf(home, options, person));
  if (find) return Find(session, home, {.key_space = words[1], .key = words[2]}, request);
  if (words[1] == "show") return Show(session, home, request, options.newest_rows);
  if (words[1] == "statement") return Statement(session, home, request, options);
  return Accesses(session, home, request, options.limit);
}

}  // namespace

void AddPersonCommands(CLI::App& app, Session& session) {
  CLI::App* person = app.add_subcommand(
      "person",
      "Show what is held about a person, and every access, with proof; each look-up is recorded");
  const auto options = std::make_shared<PersonOptions>();
  person
      ->add_option("WORDS", options->words,
                   "ID show, ID accesses, ID statement, ID erase, or find KEYSPACE KEY")
      ->required()
      ->expected(2, 3);
  person->add_option("--as", options->as, "The principal who looks")->required();
  person->add_option("--purpose", options->purpose, "Why: a declared purpose");
  person->add_option("--rows", options->newest_rows, "How many rows of each dataset to show")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
  person->add_option("--limit", options->limit, "How many accesses to print")
      ->capture_default_str();
  person->add_option("--from", options->from, "Of a statement: the first day, or a time");
  person->add_option("--to", options->to, "Of a statement: the last day, or the time it ends");
  person->add_option("--out", options->out, "Of a statement: write it to this .statement.json");
  person->add_option("--format", options->format, "Of a statement: what to print, text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  person->add_flag("--break-glass", options->break_glass,
                   "While the ledger is away: see candour break-glass");
  person->add_option("--reason", options->reason, "Of erasing: why, without naming the person");
  person->add_flag("--yes", options->yes, "Of erasing: do not ask again");
  person->add_flag("--without-suppression", options->without_suppression,
                   "Of erasing: rows that are adopted again become a new person");
  person->footer(
      "Example: candour person find group.member M000001 --as frontline --purpose answer-members");
  person->callback([&session, options] {
    session.chosen = [&session, options] { return Person(session, *options); };
  });
}

}  // namespace candour::cli
