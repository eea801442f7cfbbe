#include "crypto/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "crypto/secret_file.h"

namespace candour::crypto {
namespace {

constexpr std::size_t kMostBytes = 1024;
constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

std::unexpected<Error> Locked(std::string_view message) {
  return Fail(Error{.code = ErrorCode::kKeyLocked, .message = std::string(message)}.Next(
      "run it in a terminal, or name a file of mode 0600 in CANDOUR_PASSPHRASE_FILE"));
}

volatile std::sig_atomic_t caught_signal = 0;
void Remember(int signal) { caught_signal = signal; }

/// While it lives, what is typed is not shown, and signals wait; then all is as before, and a
/// signal that came is delivered.
class QuietTerminal {
 public:
  explicit QuietTerminal(int terminal) : terminal_(terminal) {
    is_terminal_ = ::tcgetattr(terminal, &before_) == 0;
    if (!is_terminal_) return;
    caught_signal = 0;
    struct sigaction remember = {};
    remember.sa_handler = Remember;  // without SA_RESTART: reading ends
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      ::sigaction(kSignals[i], &remember, &actions_[i]);
    }
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag |= ICANON | ECHONL;
    ::tcsetattr(terminal, TCSAFLUSH, &quiet);
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (!is_terminal_) return;
    ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      ::sigaction(kSignals[i], &actions_[i], nullptr);
    }
    if (caught_signal != 0) static_cast<void>(std::raise(caught_signal));
  }

  bool is_terminal() const { return is_terminal_; }

 private:
  int terminal_;
  bool is_terminal_ = false;
  termios before_ = {};
  std::array<struct sigaction, kSignals.size()> actions_ = {};
};

Secret Prefix(const Secret& text, std::size_t size) {
  Secret prefix(size);
  std::ranges::copy(text.Reveal().substr(0, size), prefix.Fill());
  return prefix;
}

/// What stands before the first line break; nothing when there is none, or nothing before it.
std::optional<Secret> ReadLine(int terminal) {
  Secret line(kMostBytes + 1);
  for (std::size_t size = 0; size < line.size();) {
    const ssize_t got = ::read(terminal, line.Fill() + size, line.size() - size);
    if (got <= 0) return std::nullopt;
    size += static_cast<std::size_t>(got);
    const std::size_t end = line.Reveal().substr(0, size).find('\n');
    if (end == std::string_view::npos) continue;
    if (end == 0) return std::nullopt;
    return Prefix(line, end);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::filesystem::path> PassphraseFileFromEnvironment() {
  const char* const name = std::getenv("CANDOUR_PASSPHRASE_FILE");
  if (name == nullptr || *name == '\0') return std::nullopt;
  return std::filesystem::path(name);
}

Result<Secret> ReadPassphraseFile(const std::filesystem::path& file) {
  CANDOUR_ASSIGN(const Secret bytes, ReadSecretFile("passphrase file", file, kMostBytes));
  std::string_view text = bytes.Reveal();
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "The passphrase file is empty: " + file.string());
  }
  return Prefix(bytes, text.size());
}

Result<Secret> ReadFromTerminal(int terminal, std::string_view prompt) {
  const QuietTerminal quiet(terminal);
  if (!quiet.is_terminal()) return Locked("There is no terminal to ask for the passphrase.");
  if (::write(terminal, prompt.data(), prompt.size()) < 0) {
    return Locked("The terminal takes no question for the passphrase.");
  }
  std::optional<Secret> line = ReadLine(terminal);
  if (!line) return Locked("No passphrase was given.");
  return *std::move(line);
}

Result<Secret> ReadFromOwnTerminal(std::string_view prompt) {
  const int terminal = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0) return Locked("There is no terminal to ask for the passphrase.");
  Result<Secret> line = ReadFromTerminal(terminal, prompt);
  ::close(terminal);
  return line;
}

Result<Secret> AskForKeyPassphrase() {
  if (const auto file = PassphraseFileFromEnvironment()) return ReadPassphraseFile(*file);
  return ReadFromOwnTerminal("Passphrase of the root key: ");
}

}  // namespace candour::crypto
