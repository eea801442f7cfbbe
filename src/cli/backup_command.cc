// backup, restore: a home put aside, and put back.

#include <fmt/format.h>

#include "cli/progress.h"
#include "cli/session.h"
#include "home/backup.h"
#include "home/restore.h"

namespace candour::cli {
namespace {

using nlohmann::json;

struct RestoreOptions {
  std::string backup;
  std::string dir;
  ledger::RestoreTerms terms;
};

Status Backup(Session& session, const std::string& folder) {
  CANDOUR_ASSIGN(const std::filesystem::path home, session.HomeDir());
  ProgressBar bar("backing up");
  CANDOUR_ASSIGN(
      const home::BackupReport report,
      home::BackUpHome(home, folder, SystemClock(), [&bar](double part) { bar.Show(part); }));
  const home::BackupManifest& manifest = report.manifest;
  json logs = json::object();
  for (const ledger::LogExtent& log : manifest.logs) {
    logs[std::string(ledger::ToString(log.name))] = log.size;
  }
  session.Data({{"folder", folder},
                {"time", FormatTime(manifest.time)},
                {"files", manifest.files.size()},
                {"bytes", report.bytes},
                {"copied_bytes", report.copied_bytes},
                {"logs", std::move(logs)},
                {"manifest", report.digest}});
  session.Say(fmt::format(
      "{} files of {} are in {}; {} of {} bytes were copied, the others were there.\n"
      "It holds personal data: guard it like the home. The root key and the checkpoint store are "
      "not in it: keep copies of the key elsewhere.",
      manifest.files.size(), home.string(), folder, report.copied_bytes, report.bytes));
  return {};
}

json ToJson(const ledger::Continued& continued) {
  const ledger::Restored& entry = continued.entry;
  json log = {{"log", ledger::ToString(continued.name)},
              {"closed", entry.closed},
              {"origin", entry.origin},
              {"kept", entry.kept},
              {"lost", nullptr}};
  if (entry.last) log["lost"] = entry.last->checkpoint.size - entry.kept;
  return log;
}

std::string ToText(const ledger::Continued& continued) {
  const ledger::Restored& entry = continued.entry;
  const std::string loss =
      entry.last ? fmt::format("{} entries are lost", entry.last->checkpoint.size - entry.kept)
                 : "how many entries are lost nobody can tell";
  return fmt::format("{} is closed: {}, {} are kept.\nIt goes on as {}.\n", entry.closed, loss,
                     entry.kept, entry.origin);
}

Status Restore(Session& session, RestoreOptions options) {
  ProgressBar bar("restoring");
  options.terms.by.os_user = Session::OsUser();
  std::filesystem::path dir = options.dir;
  if (options.backup.empty()) {
    CANDOUR_ASSIGN(dir, session.HomeDir());
  }
  CANDOUR_ASSIGN(const home::RestoreReport report,
                 options.backup.empty()
                     ? home::ContinueHome(dir, options.terms, SystemClock())
                     : home::RestoreHome(options.backup, dir, options.terms, SystemClock(),
                                         [&bar](double part) { bar.Show(part); }));
  json continued = json::array();
  std::string text;
  for (const ledger::Continued& log : report.continued) {
    continued.push_back(ToJson(log));
    text += ToText(log);
  }
  if (report.continued.empty()) {
    text = "All that was signed is there.\n";
  } else {
    text +=
        "Publish the new keys (candour ledger stats). Choices, withdrawals and erasures since then "
        "must be made again: ask before data is used.\n";
  }
  session.Data({{"home", dir.string()},
                {"logs", {{"accesses", report.accesses}, {"choices", report.choices}}},
                {"continued", std::move(continued)}});
  session.Say(fmt::format("{}The home in {} is ready: {} accesses, {} choices recorded.", text,
                          dir.string(), report.accesses, report.choices));
  return {};
}

void AddRestoreCommand(CLI::App& app, Session& session) {
  CLI::App* restore = app.add_subcommand(
      "restore", "Put a backup back, or let a home go on that has lost entries of its ledger");
  const auto options = std::make_shared<RestoreOptions>();
  CLI::Option* backup = restore->add_option("BACKUP", options->backup,
                                            "The folder of the backup; without it the "
                                            "home itself goes on");
  CLI::Option* dir = restore->add_option("HOME", options->dir, "A new or empty folder");
  backup->needs(dir);
  restore->add_flag("--accept-loss", options->terms.loss,
                    "Close the logs of which entries are gone, and begin new ones");
  restore->add_flag("--checkpoint-store-lost", options->terms.lost_checkpoints,
                    "The same when nobody knows any more what was signed");
  restore->add_option("--reason", options->terms.by.reason, "Why; kept, and sealed in the ledger");
  restore->add_option("--as", options->terms.by.principal, "The principal who answers for it");
  restore->footer(
      "Example: candour restore /mnt/backup shop\n"
      "Example: candour restore /mnt/backup shop --accept-loss --reason \"disk broke\" --as "
      "governance");
  restore->callback([&session, options] {
    session.chosen = [&session, options] { return Restore(session, *options); };
  });
}

}  // namespace

void AddBackupCommands(CLI::App& app, Session& session) {
  CLI::App* backup = app.add_subcommand(
      "backup", "Copy the home into a folder; the second time only what changed");
  const auto folder = std::make_shared<std::string>();
  backup->add_option("FOLDER", *folder, "Where to")->required();
  backup->footer("Example: candour backup /mnt/backup");
  backup->callback([&session, folder] {
    session.chosen = [&session, folder] { return Backup(session, *folder); };
  });
  AddRestoreCommand(app, session);
}

}  // namespace candour::cli
