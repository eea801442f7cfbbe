#include "cli/session.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/nearest.h"
#include "http/witness_transport.h"

namespace candour::cli {

namespace fs = std::filesystem;
using nlohmann::json;

json ToJson(const Error& error) {
  json out = {{"code", InfoOf(error.code).name}, {"message", error.message}};
  const auto add = [&out](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  add("rule", error.rule);
  add("expected", error.expected);
  add("found", error.found);
  add("fix_by", error.fix_by);
  add("next", error.next);
  if (error.where) {
    out["where"] = {
        {"file", error.where->file}, {"line", error.where->line}, {"column", error.where->column}};
  }
  return out;
}

Result<fs::path> Session::HomeDir() const {
  if (!home_option.empty()) return fs::path(home_option);
  if (const char* named = std::getenv("CANDOUR_HOME"); named != nullptr && *named != '\0') {
    return fs::path(named);
  }
  if (fs::exists("candour.yaml")) return fs::path(".");
  return Fail(Error{.code = ErrorCode::kHomeMissing,
                    .message = "no home is named",
                    .expected = "--home DIR, CANDOUR_HOME, or a present folder with candour.yaml",
                    .next = "candour init DIR"});
}

Result<home::Home> Session::OpenHome(home::GlassFiles glass) const {
  CANDOUR_ASSIGN(const fs::path dir, HomeDir());
  // A command is short: a witness that does not answer at once is asked by the next one.
  constexpr std::int64_t kWitnessDeadlineMs = 500;
  return home::Home::Open(dir, SystemClock(), glass,
                          std::make_shared<http::HttpWitnessTransport>(kWitnessDeadlineMs));
}

Result<home::Home> Session::OpenHomeInEmergency() const {
  CANDOUR_ASSIGN(const fs::path dir, HomeDir());
  return home::Home::OpenInEmergency(dir, SystemClock());
}

Result<home::Home> Session::OpenHomeFor(bool break_glass) const {
  return break_glass ? OpenHomeInEmergency() : OpenHome();
}

Status Session::EnterBrokenGlass(home::Home& home, const std::string& principal) const {
  if (!home.in_emergency()) return {};
  CANDOUR_TRY(ActAs(home, principal, accounts::Action::kBreakGlass));
  return home.break_glass().EnterAs(principal);
}

std::string Session::OsUser() {
  const passwd* entry = getpwuid(geteuid());
  return entry == nullptr ? fmt::format("uid {}", geteuid()) : entry->pw_name;
}

Result<home::Actor> Session::ActAs(const home::Home& home, const std::string& principal,
                                   accounts::Action action) const {
  // Whoever can read the files is the operator; --as is that operator's word, and nobody else's.
  struct stat status{};
  if (stat(home.state_dir().c_str(), &status) != 0 || status.st_uid != geteuid()) {
    return Fail(Error{.code = ErrorCode::kDeniedRole,
                      .message = "--as is honoured only for the owner of the home",
                      .fix_by = "the operator"});
  }
  CANDOUR_ASSIGN(const accounts::Principal* const found,
                 accounts::FindPrincipal(home.in_force().principals, principal));
  CANDOUR_TRY(accounts::CheckMayDo(*found, action));
  return home::Actor{.principal = principal, .os_user = OsUser()};
}

void Session::Say(const std::string& text) const {
  if (json) return;
  std::fputs(text.c_str(), stdout);
  if (!text.empty() && text.back() != '\n') std::fputc('\n', stdout);
}

Status Session::ReportAll(const Diagnostics& errors) {
  all_errors_.assign(errors.begin(), errors.end());
  return Fail(all_errors_.front());
}

int Session::Finish(const Status& status) const {
  if (status) {
    if (json && !written_) {
      fmt::print("{}\n", nlohmann::json{{"candour", 1}, {"ok", true}, {"data", data_}}.dump());
    }
    return 0;
  }
  if (json) {
    nlohmann::json out = {{"candour", 1}, {"ok", false}, {"error", ToJson(status.error())}};
    for (const Error& error : all_errors_) out["errors"].push_back(ToJson(error));
    fmt::print("{}\n", out.dump());
  } else if (all_errors_.empty()) {
    fmt::print(stderr, "candour: {}\n", status.error().ToString());
  } else {
    for (const Error& error : all_errors_) fmt::print(stderr, "{}\n", error.ToString());
    fmt::print(stderr, "candour: {} error{} in the declarations; nothing was changed\n",
               all_errors_.size(), all_errors_.size() == 1 ? "" : "s");
  }
  return InfoOf(status.error().code).exit_status;
}

}  // namespace candour::cli
