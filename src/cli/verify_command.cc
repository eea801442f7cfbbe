// verify: a receipt, offline and without a home.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/read_input.h"
#include "cli/session.h"
#include "ledger/receipt.h"
#include "tlog/receipt_proof.h"

namespace candour::cli {
namespace {

struct VerifyOptions {
  std::string file;
  std::string key;
  std::string origin;
  std::vector<std::string> witnesses;
};

Result<tlog::LogTrust> TrustOf(const VerifyOptions& options) {
  CANDOUR_ASSIGN(tlog::VerifierKey key,
                 tlog::VerifierKey::Parse(options.key, tlog::SignatureType::kNote));
  tlog::LogTrust trust{.origin = options.origin.empty() ? key.name() : options.origin};
  trust.log_keys.push_back(std::move(key));
  for (const std::string& text : options.witnesses) {
    CANDOUR_ASSIGN(tlog::VerifierKey witness,
                   tlog::VerifierKey::Parse(text, tlog::SignatureType::kCosignature));
    trust.witnesses.push_back(std::move(witness));
  }
  return trust;
}

Status Verify(Session& session, const VerifyOptions& options) {
  CANDOUR_ASSIGN(const tlog::LogTrust trust, TrustOf(options));
  CANDOUR_ASSIGN(const std::string text,
                 ReadInput(options.file, tlog::kMaxReceiptSize, ErrorCode::kReceiptForm));
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
  CLI::App* verify = app.add_subcommand("verify", "Check a receipt, offline and without a home");
  const auto options = std::make_shared<VerifyOptions>();
  verify
      ->add_option("FILE", options->file,
                   "The receipt, or a copy with openings; - reads standard input")
      ->required();
  verify->add_option("--key", options->key, "The log's public key")->required();
  verify->add_option("--origin", options->origin, "The log expected; usually the key's name");
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
