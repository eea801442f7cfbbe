#include "tlog/witness_reply.h"

#include <fmt/format.h>

#include "tlog/line.h"

namespace candour::tlog {
namespace {

constexpr int kConflict = 409;
constexpr std::string_view kSizeType = "text/x.tlog.size";

}  // namespace

WitnessReply SizeReply(std::uint64_t size) {
  return {.status = kConflict,
          .content_type = std::string(kSizeType),
          .body = fmt::format("{}\n", size)};
}

WitnessReply RefusalReply(int status, std::string_view sentence) {
  return {.status = status,
          .content_type = "text/plain; charset=utf-8",
          .body = fmt::format("{}\n", sentence)};
}

std::optional<std::uint64_t> SizeOf(const WitnessReply& reply) {
  if (reply.status != kConflict || reply.content_type != kSizeType) return std::nullopt;
  std::string_view rest = reply.body;
  const auto line = TakeLine(rest);
  if (!line || !rest.empty()) return std::nullopt;
  return ParseDecimal(*line);
}

}  // namespace candour::tlog
