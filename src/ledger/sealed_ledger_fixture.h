#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "ledger/commitment.h"
#include "ledger/copy.h"
#include "ledger/ledger_fixture.h"
#include "storage/sqlite.h"

namespace candour::ledger {

inline constexpr const char* kStatement = "SELECT unmistakable-statement";
inline constexpr const char* kPrincipal = "unmistakable-principal";
inline constexpr const char* kOsUser = "unmistakable-os-user";
inline constexpr const char* kPerson = "p-unmistakable-person";
inline constexpr const char* kChoice = "unmistakable-choice";
inline constexpr const char* kReason = "unmistakable-reason";
inline constexpr const char* kGround = "unmistakable-ground";
inline constexpr const char* kFinding = "unmistakable-finding";

/// A ledger full of texts that must not stand in any of its files. For tests only.
class SealedLedgerTest : public LedgerTest {
 protected:
  std::filesystem::path VaultFile() const { return Folder() / "vault.db"; }
  std::filesystem::path ChoiceVaultFile() const { return Folder() / "choice_vault.db"; }
  static const crypto::Secret& Key() {
    static const crypto::Secret key(32);
    return key;
  }

  /// Every private half that a ledger can have, full of texts that are looked for.
  void Fill(Ledger& ledger) const {
    AccessDetail access = Access(ledger.StoreSet(SetOf({5})).value());
    access.statement = kStatement;
    access.principal = kPrincipal;
    access.os_user = kOsUser;
    const std::uint64_t started = ledger.Started(access).value();
    ASSERT_TRUE(ledger.Finished(started, std::nullopt, 17, "released"));
    access.silence = Silence{.ground = kGround, .until = UtcTime{clock_.Now().us + 86'400'000'000}};
    const std::uint64_t silent = ledger.Started(access).value();
    ASSERT_TRUE(ledger.DecideSilence(
        {.started = silent, .principal = kPrincipal, .os_user = kOsUser, .reason = kReason}));
    ASSERT_TRUE(ledger.Chosen(kPerson, {{"person", kPerson}, {"answer", kChoice}}));
    ASSERT_TRUE(ledger.Chosen("p-another", {{"person", "p-another"}, {"answer", kChoice}}));
    ASSERT_TRUE(ledger.Append(EntryType::kBreakGlass, {{"kind", "reviewed"}},
                              {{.path = "/body/finding",
                                .name = "finding",
                                .blinding = std::string(kBlindingSize, 'b'),
                                .value = std::string("{\"finding\":\"") + kFinding + "\"}"}}));
  }

  /// Which of the texts stand in any file below the folder: as they are, in hex or in base64.
  std::vector<std::string> Found(std::vector<std::string> texts) const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(Folder())) {
      if (!file.is_regular_file()) continue;
      const std::string bytes = BytesOfFile(file.path());
      for (const std::string& text : texts) {
        for (const std::string& form : FormsOf(text)) {
          if (bytes.find(form) == std::string::npos) continue;
          found.push_back(file.path().filename().string() + ": " + form);
        }
      }
    }
    return found;
  }

  /// A text in base64 begins at one of three places in a group of letters.
  static std::vector<std::string> FormsOf(const std::string& text) {
    std::vector<std::string> forms = {text, HexEncode(text)};
    for (std::size_t skipped = 0; skipped < 3; ++skipped) {
      const std::string rest = text.substr(skipped);
      forms.push_back(Base64Encode(rest.substr(0, rest.size() / 3 * 3)));
    }
    return forms;
  }

  static const std::vector<std::string>& Texts() {
    static const std::vector<std::string> texts = {kStatement, kPrincipal, kOsUser, kPerson,
                                                   kChoice,    kReason,    kGround, kFinding};
    return texts;
  }

  static Status RunSql(const std::filesystem::path& file, const std::string& sql) {
    CANDOUR_ASSIGN(storage::Sqlite store, storage::Sqlite::Open(file));
    return store.Run(sql);
  }
};

}  // namespace candour::ledger
