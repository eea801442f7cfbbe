// witness: watching other organisations' logs. It needs no home.

#include <fmt/format.h>

#include <csignal>
#include <cstdio>

#include "cli/session.h"
#include "http/server.h"
#include "http/witness_service.h"
#include "tlog/witness_folder.h"

namespace candour::cli {
namespace {

struct WitnessOptions {
  std::string folder;
  std::string name;
  std::string origin;
  std::string key;
  std::uint16_t port = 8481;
};

Status Init(Session& session, const WitnessOptions& options) {
  CANDOUR_ASSIGN(const tlog::VerifierKey key, tlog::CreateWitness(options.folder, options.name));
  session.Data({{"name", key.name()}, {"key", key.ToString()}});
  session.Say(fmt::format(
      "The witness is made. Publish its key:\n{}\nKeep the folder {}, and never put an older copy "
      "of it back.",
      key.ToString(), options.folder));
  return {};
}

Status AddLog(Session& session, const WitnessOptions& options) {
  CANDOUR_ASSIGN(const tlog::VerifierKey key, tlog::VerifierKey::Parse(options.key));
  CANDOUR_ASSIGN(tlog::WitnessStore store, tlog::OpenWitnessStore(options.folder));
  const std::string origin = options.origin.empty() ? key.name() : options.origin;
  CANDOUR_TRY(store.AddLog(origin, key));
  session.Data({{"origin", origin}, {"key", key.ToString()}});
  session.Say(fmt::format("{} now trusts {} to sign for {}.", store.name(), key.name(), origin));
  return {};
}

/// Lets SIGINT and SIGTERM wait for Wait(), on this thread and those it starts from now on.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  void Wait() const {
    int caught = 0;
    sigwait(&signals_, &caught);
  }

 private:
  sigset_t signals_ = {};
};

Status Serve(Session& session, const WitnessOptions& options) {
  const StopSignals stop;
  CANDOUR_ASSIGN(const std::unique_ptr<tlog::Witness> witness,
                 tlog::OpenWitness(options.folder, SystemClock()));
  CANDOUR_ASSIGN(
      const std::unique_ptr<http::Server> server,
      http::Server::Start({.port = options.port, .max_body = tlog::kMaxWitnessRequestSize},
                          [&witness](const http::Request& request) {
                            return http::AnswerWitnessRequest(*witness, request);
                          }));
  const std::string address = fmt::format("http://127.0.0.1:{}", server->port());
  const std::string key = witness->verifier_key().ToString();
  if (session.json) {
    // Said at once: who started it needs the address while it runs.
    const nlohmann::json data = {{"address", address}, {"key", key}};
    fmt::print("{}\n", nlohmann::json{{"candour", 1}, {"ok", true}, {"data", data}}.dump());
    session.Written();
  }
  session.Say(
      fmt::format("{} is at {}\nIts key: {}", witness->verifier_key().name(), address, key));
  std::fflush(stdout);
  stop.Wait();
  server->Stop();
  return {};
}

CLI::App* AddWitnessCommand(CLI::App& witness, const char* name, const char* description,
                            const char* example) {
  CLI::App* const command = witness.add_subcommand(name, description);
  command->footer(fmt::format("Example: candour witness {}", example));
  return command;
}

}  // namespace

void AddWitnessCommands(CLI::App& app, Session& session) {
  CLI::App* const witness =
      app.add_subcommand("witness", "Watch other organisations' logs and cosign what they publish");
  witness->require_subcommand(1);
  witness->footer("Example: candour witness serve --dir witness");
  const auto options = std::make_shared<WitnessOptions>();
  const auto run = [&session, options](Status (*command)(Session&, const WitnessOptions&)) {
    return [&session, options, command] {
      session.chosen = [&session, options, command] { return command(session, *options); };
    };
  };

  CLI::App* const init = AddWitnessCommand(*witness, "init", "Make a witness and its key",
                                           "init witness --name witness.example.org/1");
  init->add_option("DIR", options->folder, "A new folder, or an empty one")->required();
  init->add_option("--name", options->name, "Its name, under a domain of yours")->required();
  init->callback(run(&Init));

  CLI::App* const add_log =
      AddWitnessCommand(*witness, "add-log", "Watch a log, or trust a further key of it",
                        "add-log --dir witness --key example.org/log+1a2b3c4d+AX…");
  add_log->add_option("--dir", options->folder, "The witness's folder")->required();
  add_log->add_option("--origin", options->origin, "The log's origin; usually the key's name");
  add_log->add_option("--key", options->key, "The log's public key")->required();
  add_log->callback(run(&AddLog));

  CLI::App* const serve =
      AddWitnessCommand(*witness, "serve", "Answer logs, on this machine's own address only",
                        "serve --dir witness --port 8481");
  serve->add_option("--dir", options->folder, "The witness's folder")->required();
  serve->add_option("--port", options->port, "The port; 0 for any free one")->capture_default_str();
  serve->callback(run(&Serve));
}

}  // namespace candour::cli
