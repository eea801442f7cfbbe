#include "home/backup_manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/canonical_json.h"
#include "base/encoding.h"
#include "crypto/hmac.h"
#include "crypto/key_store.h"
#include "storage/filesystem.h"

namespace candour::home {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kFormat = 1;
constexpr std::string_view kBackupLabel = "backup";

std::unexpected<Error> Damaged() {
  return Fail(Error{.code = ErrorCode::kCorruption,
                    .message = "The backup is damaged, or was made with another root key: "
                               "manifest.json."}
                  .FixBy("the operator")
                  .Next("name the key of that home in CANDOUR_KEY_FILE, or use another backup"));
}

Result<std::string> SealOf(const json& content, const crypto::Secret& key) {
  CANDOUR_ASSIGN(const std::string bytes, CanonicalJson(content));
  const crypto::Digest seal = crypto::HmacSha256(key, bytes);
  return HexEncode(BytesOf(seal));
}

json ToJson(const ledger::LogExtent& log) {
  json lives = json::array();
  for (const ledger::LifeStart& life : log.lives) {
    lives.push_back({{"origin", life.origin}, {"index", life.index}});
  }
  return {{"log", ledger::ToString(log.name)},
          {"lives", std::move(lives)},
          {"size", log.size},
          {"root", HexEncode(BytesOf(log.root))}};
}

json ToJson(const BackupManifest& manifest) {
  json content = {{"format", kFormat},
                  {"time", FormatTime(manifest.time)},
                  {"origin", manifest.origin},
                  {"logs", json::array()},
                  {"files", json::array()}};
  for (const ledger::LogExtent& log : manifest.logs) content["logs"].push_back(ToJson(log));
  for (const BackupFile& file : manifest.files) {
    content["files"].push_back({{"path", file.path}, {"sha256", file.sha256}, {"size", file.size}});
  }
  return content;
}

/// Throws nlohmann's exception when a member is missing or of another type, as ManifestOf does.
Result<ledger::LogExtent> LogOf(const json& kept) {
  ledger::LogExtent log{
      .name = kept.at("log") == "choices" ? ledger::LogName::kChoices : ledger::LogName::kAccesses,
      .size = kept.at("size").get<std::uint64_t>()};
  for (const json& life : kept.at("lives")) {
    log.lives.push_back({.origin = life.at("origin").get<std::string>(),
                         .index = life.at("index").get<std::uint64_t>()});
  }
  CANDOUR_ASSIGN(const std::string root, HexDecode(kept.at("root").get<std::string>()));
  if (root.size() != log.root.size() || log.lives.empty()) return Damaged();
  std::ranges::copy(root, log.root.begin());
  return log;
}

Result<BackupManifest> ManifestOf(const json& content) {
  if (content.at("format").get<int>() != kFormat) {
    return Fail(Error{.code = ErrorCode::kUnsupported,
                      .message = "The backup was made by another version of Candour."}
                    .Next("restore it with that version"));
  }
  BackupManifest manifest{.origin = content.at("origin").get<std::string>()};
  CANDOUR_ASSIGN(manifest.time, ParseTime(content.at("time").get<std::string>()));
  for (const json& kept : content.at("logs")) {
    CANDOUR_ASSIGN(manifest.logs.emplace_back(), LogOf(kept));
  }
  for (const json& file : content.at("files")) {
    manifest.files.push_back({.path = file.at("path").get<std::string>(),
                              .sha256 = file.at("sha256").get<std::string>(),
                              .size = file.at("size").get<std::uint64_t>()});
  }
  return manifest;
}

}  // namespace

fs::path ManifestFile(const fs::path& folder) { return folder / "manifest.json"; }

fs::path ObjectFile(const fs::path& folder, std::string_view sha256) {
  return folder / "files" / sha256;
}

crypto::Secret BackupKey(const crypto::Secret& root) {
  return crypto::DeriveKey(root, kBackupLabel);
}

Result<std::string> EncodeManifest(const BackupManifest& manifest, const crypto::Secret& key) {
  json content = ToJson(manifest);
  CANDOUR_ASSIGN(const std::string seal, SealOf(content, key));
  return CanonicalJson({{"backup", std::move(content)}, {"seal", seal}});
}

Result<BackupManifest> DecodeManifest(std::string_view text, const crypto::Secret& key) {
  const Result<json> sealed = ParseCanonicalJson(text);
  if (!sealed || !sealed->is_object() || sealed->size() != 2) return Damaged();
  try {
    CANDOUR_ASSIGN(const std::string seal, SealOf(sealed->at("backup"), key));
    if (!crypto::EqualInConstantTime(seal, sealed->at("seal").get<std::string>())) {
      return Damaged();
    }
    return ManifestOf(sealed->at("backup"));
  } catch (const json::exception&) {
    return Damaged();
  }
}

Result<BackupManifest> ReadManifest(const fs::path& folder, const crypto::Secret& key) {
  const Result<std::string> text = storage::MachineFilesystem().Read(ManifestFile(folder));
  if (text) return DecodeManifest(*text, key);
  if (text.error().code != ErrorCode::kNotFound) return std::unexpected(text.error());
  return Fail(Error{.code = ErrorCode::kNotFound,
                    .message = "The folder holds no whole backup: it has no manifest.json."}
                  .Next("name a folder that `candour backup` has finished"));
}

std::string ManifestDigest(std::string_view text) {
  const crypto::Digest digest = crypto::Sha256(text);
  return HexEncode(BytesOf(digest));
}

}  // namespace candour::home
