// version, completion: about the program itself.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/session.h"

namespace candour::cli {
namespace {

/// The words that may follow a command: its subcommands and long options.
std::string WordsOf(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* sub : app.get_subcommands(nullptr)) words.push_back(sub->get_name());
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string BashCompletion(const CLI::App& app) {
  std::string cases;
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    cases += fmt::format("    {}) words=\"{} --home --json\" ;;\n", sub->get_name(), WordsOf(*sub));
  }
  return fmt::format(
      "_candour() {{\n  local command= word words\n  for word in "
      "\"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; "
      "do\n    case $word in -*) ;; *) command=$word; break ;; esac\n  done\n"
      "  case $command in\n{}    *) words=\"{}\" ;;\n  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${{COMP_WORDS[COMP_CWORD]}}\")\n}}\n"
      "complete -o default -F _candour candour\n",
      cases, WordsOf(app));
}

std::string FishCompletion(const CLI::App& app) {
  std::string text = "complete -c candour -f\n";
  for (const CLI::App* sub : app.get_subcommands(nullptr)) {
    text += fmt::format("complete -c candour -n __fish_use_subcommand -a {} -d '{}'\n",
                        sub->get_name(), sub->get_description());
    for (const CLI::Option* option : sub->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        text += fmt::format("complete -c candour -n '__fish_seen_subcommand_from {}' -l {}\n",
                            sub->get_name(), name);
      }
    }
  }
  return text;
}

Status Completion(Session& session, const CLI::App& app, const std::string& shell) {
  std::string text;
  if (shell == "fish") {
    text = FishCompletion(app);
  } else if (shell == "zsh") {
    text = "autoload -U +X bashcompinit && bashcompinit\n" + BashCompletion(app);
  } else {
    text = BashCompletion(app);
  }
  session.Data({{"shell", shell}, {"script", text}});
  session.Say(text);
  return {};
}

}  // namespace

void AddProgramCommands(CLI::App& app, Session& session) {
  CLI::App* version = app.add_subcommand("version", "Print the version");
  version->footer("Example: candour version");
  version->callback([&session] {
    session.chosen = [&session]() -> Status {
      session.Data({{"version", CANDOUR_VERSION}});
      session.Say("candour " CANDOUR_VERSION);
      return {};
    };
  });

  CLI::App* completion = app.add_subcommand("completion", "Print a shell's completion script");
  const auto shell = std::make_shared<std::string>("bash");
  completion->add_option("SHELL", *shell, "bash, zsh or fish")
      ->capture_default_str()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  completion->footer("Example: source <(candour completion bash)");
  completion->callback([&session, &app, shell] {
    session.chosen = [&session, &app, shell] { return Completion(session, app, *shell); };
  });
}

}  // namespace candour::cli
