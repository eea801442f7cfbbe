// keys: the home's root key, and the public keys of its logs.

#include <fmt/format.h>

#include <map>

#include "cli/session.h"
#include "crypto/key_store.h"
#include "home/custody.h"
#include "ledger/key_rotation.h"
#include "ledger/log.h"
#include "storage/durable_file.h"

namespace candour::cli {
namespace {

using crypto::Secret;
using nlohmann::json;

struct PassphraseOptions {
  bool remove = false;
  std::string new_file;
};

Result<std::filesystem::path> KeyFileOf(const Session& session) {
  CANDOUR_ASSIGN(const std::filesystem::path dir, session.HomeDir());
  return home::FindKeyFile(dir / "state");
}

Status Show(Session& session) {
  CANDOUR_ASSIGN(const std::filesystem::path key_file, KeyFileOf(session));
  CANDOUR_ASSIGN(const bool has_passphrase, crypto::HasPassphrase(key_file));
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  const std::string checkpoints = home::CheckpointFile(key_file).string();
  json logs = json::object();
  std::string text;
  for (const ledger::LogName name : {ledger::LogName::kAccesses, ledger::LogName::kChoices}) {
    const std::string key = home.ledger().log(name).key().ToString();
    logs[std::string(ledger::ToString(name))] = key;
    text += fmt::format("{:<15}{}\n", ledger::ToString(name), key);
  }
  const std::string statements = home.ledger().statement_key().ToString();
  logs["statements"] = statements;
  text += fmt::format("{:<15}{}\n", "statements", statements);
  session.Data({{"key_file", key_file.string()},
                {"passphrase", has_passphrase},
                {"checkpoint_file", checkpoints},
                {"public_keys", std::move(logs)}});
  session.Say(
      fmt::format("{:<15}{}\n{:<15}{}\n{:<15}{}\n\nPublic keys of the logs, and of statements\n{}",
                  "root key", key_file.string(), "passphrase", has_passphrase ? "set" : "none",
                  "checkpoints", checkpoints, text));
  return {};
}

/// The passphrase that is to be set: nobody sees what is typed, so it is typed twice.
Result<Secret> AskForNew(const PassphraseOptions& options, bool has_passphrase) {
  if (!options.new_file.empty()) return crypto::ReadPassphraseFile(options.new_file);
  // Without an old one the environment can only mean the one from now on.
  const auto file = crypto::PassphraseFileFromEnvironment();
  if (!has_passphrase && file) return crypto::ReadPassphraseFile(*file);
  CANDOUR_ASSIGN(Secret first, crypto::ReadFromOwnTerminal("New passphrase: "));
  CANDOUR_ASSIGN(const Secret second, crypto::ReadFromOwnTerminal("The same again: "));
  if (crypto::EqualInConstantTime(first.Reveal(), second.Reveal())) return first;
  return Fail(ErrorCode::kInvalidArgument, "The two passphrases differ; nothing was changed.");
}

Status SetPassphrase(Session& session, const PassphraseOptions& options) {
  CANDOUR_ASSIGN(const std::filesystem::path file, KeyFileOf(session));
  CANDOUR_ASSIGN(const bool has_passphrase, crypto::HasPassphrase(file));
  CANDOUR_ASSIGN(const Secret key, crypto::ReadRootKey(file));
  std::optional<Secret> passphrase;
  if (!options.remove) {
    CANDOUR_ASSIGN(passphrase, AskForNew(options, has_passphrase));
  }
  CANDOUR_TRY(crypto::WriteRootKey(file, key, passphrase));
  session.Data({{"key_file", file.string()}, {"passphrase", passphrase.has_value()}});
  session.Say(passphrase ? "The root key is under the new passphrase. Copies of the key file that "
                           "were made before are not."
                         : "The root key has no passphrase now: the file's mode protects it.");
  return {};
}

struct RotateOptions {
  ledger::RotationReason reason = ledger::RotationReason::kScheduled;
  std::string out = ".";
};

const std::map<std::string, ledger::RotationReason> kReasons = {
    {"scheduled", ledger::RotationReason::kScheduled},
    {"lost", ledger::RotationReason::kLost},
    {"compromised", ledger::RotationReason::kCompromised},
};

Status Rotate(Session& session, const RotateOptions& options) {
  CANDOUR_ASSIGN(home::Home home, session.OpenHome());
  CANDOUR_ASSIGN(const std::vector<ledger::RotatedLog> rotated, home.RotateKeys(options.reason));
  json logs = json::array();
  std::string text;
  for (const ledger::RotatedLog& log : rotated) {
    const std::string name(ToString(log.name));
    const std::filesystem::path receipt = std::filesystem::path(options.out) /
                                          fmt::format("{}-key-{}.tlog-proof", name, log.generation);
    CANDOUR_TRY(storage::WriteDurably(storage::MachineFilesystem(), receipt, log.receipt));
    logs.push_back({{"log", name},
                    {"generation", log.generation},
                    {"entry", log.entry},
                    {"key", log.key},
                    {"receipt", receipt.string()}});
    text += fmt::format("{:<12}{}\n{:<12}{}\n", name, log.key, "", receipt.string());
  }
  const std::string statements = home.ledger().statement_key().ToString();
  session.Data({{"reason", ToString(options.reason)},
                {"logs", std::move(logs)},
                {"statements", statements}});
  session.Say(fmt::format(
      "From now on these keys sign. Each receipt proves, to whoever trusts the key before, that "
      "the "
      "log says so itself:\n\n{}{:<12}{}\n\nNow publish the new keys and the receipts beside the "
      "old keys, which earlier receipts need, and have every witness add the new ones "
      "(candour witness add-log).",
      text, "statements", statements));
  return {};
}

void AddRotateCommand(CLI::App& keys, Session& session) {
  CLI::App* rotate =
      keys.add_subcommand("rotate", "Have new keys sign for the logs and for statements");
  const auto options = std::make_shared<RotateOptions>();
  rotate->add_option("--reason", options->reason, "scheduled, lost or compromised")
      ->required()
      ->transform(CLI::CheckedTransformer(kReasons));
  rotate->add_option("--out", options->out, "A folder for the receipts of the change")
      ->check(CLI::ExistingDirectory)
      ->capture_default_str();
  rotate->footer(
      "The root key stays what it is. Receipts that were given before keep their old key.\n"
      "Example: candour keys rotate --reason scheduled --out public");
  rotate->callback([&session, options] {
    session.chosen = [&session, options] { return Rotate(session, *options); };
  });
}

}  // namespace

void AddKeysCommands(CLI::App& app, Session& session) {
  CLI::App* keys = app.add_subcommand("keys", "The root key, and the public keys of the logs");
  keys->require_subcommand(1);
  keys->footer("Example: candour keys show");
  CLI::App* show = keys->add_subcommand(
      "show", "The logs' public keys, and where the root key is; never a secret");
  show->footer("Example: candour keys show");
  show->callback([&session] { session.chosen = [&session] { return Show(session); }; });

  AddRotateCommand(*keys, session);

  CLI::App* passphrase =
      keys->add_subcommand("passphrase", "Set, change or remove the passphrase of the root key");
  const auto options = std::make_shared<PassphraseOptions>();
  auto* remove = passphrase->add_flag("--remove", options->remove, "Leave the key without one");
  passphrase
      ->add_option("--new-file", options->new_file,
                   "Read the new passphrase from a file of mode 0600 instead of the terminal")
      ->excludes(remove);
  passphrase->footer(
      "The present passphrase is read from the file that CANDOUR_PASSPHRASE_FILE names, else from\n"
      "the terminal. Example: candour keys passphrase");
  passphrase->callback([&session, options] {
    session.chosen = [&session, options] { return SetPassphrase(session, *options); };
  });
}

}  // namespace candour::cli
