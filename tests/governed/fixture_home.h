#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace candour::governed {

/// The time at which golden files run unless they say otherwise.
inline constexpr std::string_view kUsualTime = "2026-03-01T09:00:00Z";

/// A copy of a named fixture home, applied and adopted, in a temporary folder that goes with the
/// object. Making the first of a name reads homes/NAME/; the others copy what that made.
/// While one lives, CANDOUR_KEY_FILE names the key of these homes. Threads: one at a time.
class FixtureHome {
 public:
  /// Errors: whatever reading, applying or adopting the fixture says; kNotFound (no such fixture).
  static Result<FixtureHome> Make(const std::string& name);
  FixtureHome(FixtureHome&& other) noexcept;
  FixtureHome& operator=(FixtureHome&&) = delete;
  ~FixtureHome();

  const std::filesystem::path& dir() const { return dir_; }

 private:
  explicit FixtureHome(std::filesystem::path dir) : dir_(std::move(dir)) {}
  std::filesystem::path dir_;
};

}  // namespace candour::governed
