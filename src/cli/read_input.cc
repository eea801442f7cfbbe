#include "cli/read_input.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace candour::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<std::string> ReadInput(const std::string& file, std::size_t max_size, ErrorCode too_large) {
  std::unique_ptr<std::FILE, CloseFile> opened;
  if (file != "-") opened.reset(std::fopen(file.c_str(), "rbe"));
  std::FILE* const in = file == "-" ? stdin : opened.get();
  if (in == nullptr) return Fail(ErrorCode::kIo, fmt::format("cannot read {}", file));
  // One byte more than there may be tells a file that is too large.
  std::string text(max_size + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), in));
  // A folder opens like a file and fails when it is read.
  if (std::ferror(in) != 0) return Fail(ErrorCode::kIo, fmt::format("cannot read {}", file));
  if (text.size() > max_size) {
    return Fail(
        Error{.code = too_large, .message = fmt::format("too large to be read: {}", file)}.Expected(
            fmt::format("at most {} bytes", max_size)));
  }
  return text;
}

}  // namespace candour::cli
