// verify: a receipt or a statement, offline and without a home.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/read_input.h"
#include "cli/session.h"
#include "ledger/receipt.h"
#include "ledger/statement_check.h"
#include "rights/statement_text.h"
#include "tlog/receipt_proof.h"

namespace candour::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::vector<std::string> keys;
  std::string origin;
  std::vector<std::string> witnesses;
};

Result<std::vector<tlog::VerifierKey>> ParseKeys(const std::vector<std::string>& texts,
                                                 tlog::SignatureType type) {
  std::vector<tlog::VerifierKey> keys;
  for (const std::string& text : texts) {
    CANDOUR_ASSIGN(tlog::VerifierKey key, tlog::VerifierKey::Parse(text, type));
    keys.push_back(std::move(key));
  }
  return keys;
}

/// The first key says which log; more of its name are those from before it was changed.
Result<tlog::LogTrust> TrustOf(const VerifyOptions& options) {
  CANDOUR_ASSIGN(std::vector<tlog::VerifierKey> keys,
                 ParseKeys(options.keys, tlog::SignatureType::kNote));
  const std::string name = keys.front().name();
  std::erase_if(keys, [&name](const tlog::VerifierKey& key) { return key.name() != name; });
  tlog::LogTrust trust{.origin = options.origin.empty() ? name : options.origin,
                       .log_keys = std::move(keys)};
  CANDOUR_ASSIGN(trust.witnesses, ParseKeys(options.witnesses, tlog::SignatureType::kCosignature));
  return trust;
}

Result<ledger::StatementTrust> StatementTrustOf(const VerifyOptions& options) {
  CANDOUR_ASSIGN(const std::vector<tlog::VerifierKey> keys,
                 ParseKeys(options.keys, tlog::SignatureType::kNote));
  CANDOUR_ASSIGN(ledger::StatementTrust trust, ledger::MakeStatementTrust(keys));
  CANDOUR_ASSIGN(trust.accesses.witnesses,
                 ParseKeys(options.witnesses, tlog::SignatureType::kCosignature));
  trust.choices.witnesses = trust.accesses.witnesses;
  if (options.origin.empty() || options.origin == trust.origin) return trust;
  return Fail(Error{.code = ErrorCode::kReceiptOrigin,
                    .message = "The keys are of another organisation than the one expected."}
                  .Expected(options.origin)
                  .Found(trust.origin));
}

Status VerifyStatement(Session& session, const std::string& text, const VerifyOptions& options) {
  CANDOUR_ASSIGN(const ledger::StatementTrust trust, StatementTrustOf(options));
  CANDOUR_ASSIGN(const ledger::CheckedStatement checked, ledger::CheckStatement(text, trust));
  session.Data(rights::StatementJson(checked));
  session.Say(fmt::format(
      "The statement holds: {} signed it, and all of its {} accesses and {} choices are in its "
      "logs.\n\n{}",
      checked.origin, checked.accesses.size(), checked.choices.size(),
      rights::StatementText(checked)));
  return {};
}

Status Verify(Session& session, const VerifyOptions& options) {
  CANDOUR_ASSIGN(const std::string text,
                 ReadInput(options.file, ledger::kMaxStatementSize, ErrorCode::kReceiptForm));
  if (ledger::IsStatement(text)) return VerifyStatement(session, text, options);
  CANDOUR_ASSIGN(const tlog::LogTrust trust, TrustOf(options));
  CANDOUR_ASSIGN(const ledger::CheckedReceipt receipt, ledger::CheckReceipt(text, trust));
  std::string answer = fmt::format(
      "The receipt holds: this is entry {} of {}, in the log when it had {} entries.\n{}\n",
      receipt.index, receipt.origin, receipt.size, receipt.entry.dump(2));
  nlohmann::json openings = nlohmann::json::array();
  for (const ledger::Opened& opened : receipt.openings) {
    answer += fmt::format("sealed as {}, and shown by the copy:\n{}\n", opened.path,
                          opened.value.dump(2));
    openings.push_back({{"path", opened.path}, {"name", opened.name}, {"value", opened.value}});
  }
  if (!receipt.witnesses.empty()) {
    answer += fmt::format("also signed by {}\n", fmt::join(receipt.witnesses, ", "));
  }
  session.Data({{"origin", receipt.origin},
                {"index", receipt.index},
                {"size", receipt.size},
                {"entry", receipt.entry},
                {"openings", std::move(openings)},
                {"witnesses", receipt.witnesses}});
  session.Say(answer);
  return {};
}

}  // namespace

void AddVerifyCommand(CLI::App& app, Session& session) {
  CLI::App* verify =
      app.add_subcommand("verify", "Check a receipt or a statement, offline and without a home");
  const auto options = std::make_shared<VerifyOptions>();
  verify
      ->add_option("FILE", options->file,
                   "The receipt, a copy with openings, or a statement; - reads standard input")
      ->required();
  verify
      ->add_option("--key", options->keys,
                   "The log's public key; of a statement all three, each with its own --key")
      ->required()
      ->expected(1)
      ->take_all();
  verify->add_option("--origin", options->origin,
                     "The log expected; usually the key's name. Of a statement: the home's");
  verify->add_option("--witness", options->witnesses, "A witness who must have signed")
      ->expected(1)
      ->take_all();
  verify->footer(
      "Example: candour verify receipt.tlog-proof --key example.org/log+1a2b3c4d+AX…\n"
      "Any other verifier of C2SP tlog-proof files checks receipts as well.");
  verify->callback([&session, options] {
    session.chosen = [&session, options] { return Verify(session, *options); };
  });
}

}  // namespace candour::cli
