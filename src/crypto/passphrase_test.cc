#include "crypto/passphrase.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

namespace candour::crypto {
namespace {

namespace fs = std::filesystem;

class Passphrase : public testing::Test {
 protected:
  Passphrase() {
    std::string folder = testing::TempDir() + "candour-passphrase-XXXXXX";
    folder_ = ::mkdtemp(folder.data());
  }
  ~Passphrase() override {
    ::unsetenv("CANDOUR_PASSPHRASE_FILE");
    fs::remove_all(folder_);
  }
  fs::path Put(std::string_view text, mode_t mode = 0600) const {
    const fs::path file = folder_ / "passphrase";
    std::ofstream(file, std::ios::trunc) << text;
    ::chmod(file.c_str(), mode);
    return file;
  }

  fs::path folder_;
};

TEST_F(Passphrase, IsTheFilesTextWithoutTheLineBreak) {
  for (const std::string_view text : {"pass phrase", "pass phrase\n", "pass phrase\r\n"}) {
    EXPECT_EQ(ReadPassphraseFile(Put(text))->Reveal(), "pass phrase");
  }
  EXPECT_EQ(ReadPassphraseFile(Put("two\nlines\n"))->Reveal(), "two\nlines");
}

TEST_F(Passphrase, RefusesFilesThatAreOpenEmptyLongOrMissing) {
  EXPECT_EQ(ReadPassphraseFile(Put("word", 0644)).error().code, ErrorCode::kHomePermissions);
  EXPECT_EQ(ReadPassphraseFile(Put("word", 0660)).error().code, ErrorCode::kHomePermissions);
  EXPECT_EQ(ReadPassphraseFile(Put("")).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadPassphraseFile(Put("\n")).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(ReadPassphraseFile(Put(std::string(1025, 'p'))).error().code, ErrorCode::kCorruption);
  EXPECT_EQ(ReadPassphraseFile(folder_ / "none").error().code, ErrorCode::kNotFound);
}

TEST_F(Passphrase, ComesFromTheFileThatTheEnvironmentNames) {
  ::setenv("CANDOUR_PASSPHRASE_FILE", Put("from a file\n").c_str(), 1);
  EXPECT_EQ(AskForKeyPassphrase()->Reveal(), "from a file");
  ::setenv("CANDOUR_PASSPHRASE_FILE", "", 1);
  EXPECT_EQ(PassphraseFileFromEnvironment(), std::nullopt);
}

/// A terminal with both of its ends in this process.
class Terminal {
 public:
  Terminal() : keyboard_(::posix_openpt(O_RDWR | O_NOCTTY)) {
    ::grantpt(keyboard_);
    ::unlockpt(keyboard_);
    screen_ = ::open(::ptsname(keyboard_), O_RDWR | O_NOCTTY);
  }
  ~Terminal() {
    ::close(screen_);
    ::close(keyboard_);
  }
  int end() const { return screen_; }

  bool Shows() const {
    termios now = {};
    ::tcgetattr(screen_, &now);
    return (now.c_lflag & ECHO) != 0;
  }

  /// Types once nothing typed is shown any more.
  void Type(std::string_view text) const {
    while (Shows()) std::this_thread::yield();
    EXPECT_EQ(::write(keyboard_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  /// What a person at the terminal has seen.
  std::string Seen() const {
    char text[4096];
    ::fcntl(keyboard_, F_SETFL, O_NONBLOCK);
    const ssize_t size = ::read(keyboard_, text, sizeof(text));
    return {text, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

 private:
  int keyboard_;
  int screen_ = -1;
};

TEST_F(Passphrase, IsTypedWithoutBeingShown) {
  const Terminal terminal;
  std::jthread person([&] { terminal.Type("not to be seen\n"); });
  const auto typed = ReadFromTerminal(terminal.end(), "Passphrase: ");
  ASSERT_TRUE(typed) << typed.error().ToString();
  EXPECT_EQ(typed->Reveal(), "not to be seen");
  const std::string seen = terminal.Seen();
  EXPECT_NE(seen.find("Passphrase: "), std::string::npos);
  EXPECT_EQ(seen.find("seen"), std::string::npos);
  EXPECT_TRUE(terminal.Shows()) << "the terminal is as it was";
}

TEST_F(Passphrase, AnEmptyLineIsNoPassphrase) {
  const Terminal terminal;
  std::jthread person([&] { terminal.Type("\n"); });
  EXPECT_EQ(ReadFromTerminal(terminal.end(), "Passphrase: ").error().code, ErrorCode::kKeyLocked);
  EXPECT_TRUE(terminal.Shows());
}

TEST_F(Passphrase, IsNeverReadFromSomethingThatIsNoTerminal) {
  const int file = ::open(Put("typed into a pipe\n").c_str(), O_RDWR);
  const auto typed = ReadFromTerminal(file, "Passphrase: ");
  ::close(file);
  EXPECT_EQ(typed.error().code, ErrorCode::kKeyLocked);
}

}  // namespace
}  // namespace candour::crypto
