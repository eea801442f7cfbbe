// How long a first decision takes, from nothing: the command is started, answers and ends.
//
// Before each run the files it reads are dropped from the page cache as far as the system lets go
// of them, so that "cold" means the disk too.

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "page_cache.h"

namespace {

constexpr double kLimitMs = 300;
constexpr double kLimitMb = 150;

struct Run {
  double wall_ms = 0;
  double peak_mb = 0;
  int status = 0;
};

Run RunOnce(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  Run run;
  rusage usage{};
  wait4(child, &run.status, 0, &usage);
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
  run.wall_ms = wall.count();
  run.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  return run;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Times a command from a cold start"};
  std::string title = "cold start";
  std::vector<std::string> drop;
  std::vector<std::string> command;
  int rounds = 9;
  app.add_option("--title", title, "What is measured");
  app.add_option("--drop", drop, "A file or folder to drop from the page cache before each run")
      ->allow_extra_args(false);
  app.add_option("--rounds", rounds, "How often")->check(CLI::PositiveNumber);
  app.add_option("COMMAND", command, "The program by its path, and its arguments")->required();
  CLI11_PARSE(app, argc, argv);

  std::vector<double> walls;
  double peak_mb = 0;
  for (int round = 0; round < rounds; ++round) {
    for (const std::string& path : drop) candour::bench::DropFromCache(path);
    const Run run = RunOnce(command);
    if (run.status != 0) {
      fmt::print(stderr, "bench_cold_can: the command failed\n");
      return 1;
    }
    walls.push_back(run.wall_ms);
    peak_mb = std::max(peak_mb, run.peak_mb);
  }
  std::ranges::sort(walls);
  const double median = walls[walls.size() / 2];
  fmt::print("{}\n", title);
  fmt::print("  wall    median {:.0f} ms, slowest {:.0f} ms   limit {:.0f} ms: {}\n", median,
             walls.back(), kLimitMs, median < kLimitMs ? "within" : "OVER");
  fmt::print("  memory  peak {:.0f} MB   limit {:.0f} MB: {}\n", peak_mb, kLimitMb,
             peak_mb < kLimitMb ? "within" : "OVER");
  return 0;
}
