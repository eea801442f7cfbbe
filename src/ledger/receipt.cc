#include "ledger/receipt.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/canonical_json.h"
#include "base/encoding.h"
#include "base/utf8.h"
#include "ledger/commitment.h"
#include "merkle/hasher.h"
#include "tlog/entry_bundle.h"
#include "tlog/receipt_proof.h"

namespace candour::ledger {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxName = 64;
constexpr const char* kUseUnchanged = "use it as it was given, unchanged and whole";

std::unexpected<Error> CopyForm(std::string_view reason) {
  return Fail(Error{.code = ErrorCode::kCopyForm,
                    .message = fmt::format("This is not a whole copy of an entry: {}.", reason)}
                  .Next(kUseUnchanged));
}

std::unexpected<Error> NoReceipt(const char* message) {
  return Fail(Error{.code = ErrorCode::kReceiptForm, .message = message}.Next(kUseUnchanged));
}

/// Notes what two readers could take differently: a key that stands twice in one object, and a
/// negative zero.
class Ambiguities {
 public:
  void Look(json::parse_event_t event, const json& parsed) {
    if (event == json::parse_event_t::object_start) open_.emplace_back();
    if (event == json::parse_event_t::object_end) open_.pop_back();
    if (event == json::parse_event_t::key) {
      key_twice_ |= !open_.back().insert(parsed.get<std::string>()).second;
    }
    // The parser makes an unsigned number of every integer without a minus.
    if (event == json::parse_event_t::value) {
      negative_zero_ |= parsed.type() == json::value_t::number_integer && parsed == 0;
    }
  }
  bool key_twice() const { return key_twice_; }
  bool negative_zero() const { return negative_zero_; }

 private:
  std::vector<std::set<std::string>> open_;
  bool key_twice_ = false;
  bool negative_zero_ = false;
};

Result<json> ParseCopy(std::string_view text) {
  Ambiguities found;
  const json::parser_callback_t look = [&found](int, json::parse_event_t event, json& parsed) {
    found.Look(event, parsed);
    return true;
  };
  json document = json::parse(text, look, false);
  if (document.is_discarded()) return CopyForm("it is not JSON");
  if (found.key_twice()) return CopyForm("a part stands in it twice");
  if (found.negative_zero()) return CopyForm("a number in it is a negative zero");
  return document;
}

bool HasOnly(const json& object, const std::set<std::string_view>& members) {
  return object.is_object() && object.size() == members.size() &&
         std::ranges::all_of(object.items(),
                             [&](const auto& item) { return members.contains(item.key()); });
}

bool IsOpeningName(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  const auto further = [&](char c) { return allowed(c) || std::string_view("_./-").contains(c); };
  return !name.empty() && name.size() <= kMaxName && allowed(name.front()) &&
         std::ranges::all_of(name, further);
}

/// What stands at a JSON pointer in the entry; null where nothing does.
json At(const json& entry, const std::string& path) {
  try {
    return path.starts_with('/') ? entry.at(json::json_pointer(path)) : json();
  } catch (const json::exception&) {
    return {};
  }
}

Result<Opened> CheckOpening(const json& entry, const json& opening) {
  if (!HasOnly(opening, {"path", "name", "blinding", "value"}) || !opening["path"].is_string() ||
      !opening["name"].is_string() || !opening["blinding"].is_string()) {
    return CopyForm("an opening has other parts than path, name, blinding and value");
  }
  Opened opened{.path = opening["path"].get<std::string>(),
                .name = opening["name"].get<std::string>(),
                .value = opening["value"]};
  const auto digits = opening["blinding"].get<std::string>();
  const auto blinding = HexDecode(digits);
  const auto payload = CanonicalJson(opened.value);
  if (!payload) return CopyForm("a value in it is none that an entry can hold");
  if (!blinding || blinding->size() != kBlindingSize || HexEncode(*blinding) != digits ||
      !IsOpeningName(opened.name)) {
    return Fail(Error{.code = ErrorCode::kOpeningForm,
                      .message = "The copy is damaged: it cannot open a sealed part."}
                    .Next(kUseUnchanged));
  }
  const json version = At(entry, "/v");
  const std::string committed = Commit(opened.name, *blinding, *payload,
                                       version.is_number_integer() ? version.get<int>() : 0);
  if (At(entry, opened.path) != json(committed)) {
    return Fail(Error{.code = ErrorCode::kOpeningMismatch,
                      .message = "The receipt is genuine, but what the copy shows is not what was "
                                 "recorded."}
                    .Found(fmt::format("the opening \"{}\"", opened.name))
                    .Next("keep the copy, and ask the organisation how it came about"));
  }
  return opened;
}

Result<CheckedReceipt> CheckProof(std::string_view text, const tlog::LogTrust& trust) {
  CANDOUR_ASSIGN(const tlog::ReceiptProof receipt, tlog::DecodeReceipt(text));
  if (receipt.extra.empty()) return NoReceipt("The receipt does not carry the entry it is about.");
  if (receipt.extra.size() > tlog::kMaxEntrySize) {
    return NoReceipt("The receipt carries an entry that is larger than any can be.");
  }
  CANDOUR_ASSIGN(const tlog::SignedCheckpoint proved,
                 tlog::VerifyReceipt(receipt, merkle::LeafHash(receipt.extra), trust));
  CheckedReceipt checked{.origin = proved.checkpoint.origin,
                         .index = receipt.index,
                         .size = proved.checkpoint.size,
                         .root = proved.checkpoint.root};
  for (const auto& signature : proved.cosignatures) {
    checked.witnesses.push_back(signature.key.name());
  }
  auto entry = ParseCanonicalJson(receipt.extra);
  if (!entry) {
    return Fail(Error{.code = ErrorCode::kEntryForm,
                      .message = "The entry is in the log, but it is none of Candour's."}
                    .Expected("canonical JSON"));
  }
  checked.entry = *std::move(entry);
  return checked;
}

}  // namespace

Result<CheckedReceipt> CheckReceipt(std::string_view text, const tlog::LogTrust& trust) {
  if (text.size() > tlog::kMaxReceiptSize) return NoReceipt("The file is larger than 1 MiB.");
  if (!IsUtf8(text)) return NoReceipt("The file is not text.");
  const std::size_t start = text.find_first_not_of(" \t\n\r");
  if (start == text.npos || text[start] != '{') return CheckProof(text, trust);
  CANDOUR_ASSIGN(const json copy, ParseCopy(text));
  if (!HasOnly(copy, {"candour", "receipt", "openings"}) || !copy["candour"].is_number_integer() ||
      copy["candour"] != 1 || !copy["receipt"].is_string() || !copy["openings"].is_array()) {
    return CopyForm("it has other parts than candour (1), receipt and openings");
  }
  CANDOUR_ASSIGN(CheckedReceipt checked, CheckProof(copy["receipt"].get<std::string>(), trust));
  for (const json& opening : copy["openings"]) {
    CANDOUR_ASSIGN(Opened opened, CheckOpening(checked.entry, opening));
    checked.openings.push_back(std::move(opened));
  }
  return checked;
}

}  // namespace candour::ledger
