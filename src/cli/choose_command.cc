// choose: a person's own choice.

#include <fmt/format.h>

#include <map>

#include "cli/session.h"

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
  home::ChoiceRequest request;
};

Status Choose(Session& session, const ChooseOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  home::ChoiceRequest request = options.request;
  request.person = PersonId{options.person};
  request.evidence = kAnswers.at(options.answer);
  CANDOUR_TRY(home.Choose(request));
  session.Data({{"person", options.person},
                {"answer", options.answer},
                {"purpose", request.purpose},
                {"unit", request.unit},
                {"channel", request.channel}});
  session.Say(
      fmt::format("Recorded: {} says {} to {} (unit: {}, channel: {}). It holds from the "
                  "next statement on.",
                  options.person, options.answer, request.purpose, request.unit, request.channel));
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
  choose->footer("Example: candour choose p-0123456789abc no --purpose offers --unit food");
  choose->callback([&session, options] {
    session.chosen = [&session, options] { return Choose(session, *options); };
  });
}

}  // namespace candour::cli
