// choose: a person's own choice.

#include <fmt/format.h>

#include <map>

#include "cli/session.h"
#include "ledger/ledger.h"
#include "storage/durable_file.h"

namespace candour::cli {
namespace {

const std::map<std::string, consent::Evidence> kAnswers = {
    {"yes", consent::Evidence::kConsent},
    {"no", consent::Evidence::kObjection},
    {"withdraw", consent::Evidence::kWithdrawal},
};

struct ChooseOptions {
  std::string person;
  std::string answer;
  std::string receipt;
  home::ChoiceRequest request;
};

Status Choose(Session& session, const ChooseOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  home::ChoiceRequest request = options.request;
  request.person = PersonId{options.person};
  request.evidence = kAnswers.at(options.answer);
  CANDOUR_ASSIGN(const std::uint64_t number, home.Choose(request));
  CANDOUR_ASSIGN(const std::string copy, home.ledger().Copy(ledger::LogName::kChoices, number));
  if (!options.receipt.empty()) {
    CANDOUR_TRY(storage::WriteDurably(storage::MachineFilesystem(), options.receipt, copy));
  }
  session.Data({{"person", options.person},
                {"answer", options.answer},
                {"purpose", request.purpose},
                {"unit", request.unit},
                {"channel", request.channel},
                {"entry", number},
                {"receipt", nlohmann::json::parse(copy)}});
  session.Say(fmt::format(
      "Recorded: {} says {} to {} (unit: {}, channel: {}). It holds from the "
      "next statement on. It is entry {} of the log of choices.",
      options.person, options.answer, request.purpose, request.unit, request.channel, number));
  if (!options.receipt.empty()) {
    session.Say(fmt::format("The person's receipt is in {}; check it with `candour verify`.",
                            options.receipt));
  }
  return {};
}

}  // namespace

void AddChooseCommand(CLI::App& app, Session& session) {
  CLI::App* choose = app.add_subcommand("choose", "Record a person's choice");
  const auto options = std::make_shared<ChooseOptions>();
  choose->add_option("PERSON", options->person, "Person id, p-…")->required();
  choose->add_option("ANSWER", options->answer, "yes, no or withdraw")
      ->required()
      ->check(CLI::IsMember({"yes", "no", "withdraw"}));
  choose->add_option("--purpose", options->request.purpose, "Purpose id, or any")->required();
  choose->add_option("--unit", options->request.unit, "The unit it is said to")
      ->capture_default_str();
  choose->add_option("--channel", options->request.channel, "email, post, sms, phone, …")
      ->capture_default_str();
  choose->add_option("--recipient", options->request.recipient, "A controller outside the unit")
      ->capture_default_str();
  choose->add_option("--notice", options->request.notice, "What the person was shown");
  choose->add_option("--receipt", options->receipt, "A file for the person's receipt");
  choose->footer("Example: candour choose p-0123456789abc no --purpose offers --unit food");
  choose->callback([&session, options] {
    session.chosen = [&session, options] { return Choose(session, *options); };
  });
}

}  // namespace candour::cli
