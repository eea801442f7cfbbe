#include "engine/progress_watch.h"

#include <gtest/gtest.h>

#include <mutex>

#include <optional>

namespace candour::engine {
namespace {

TEST(ProgressWatchTest, TellsHowFarAStatementIsAndStopsWithItsLife) {
  auto database = Database::Open();
  ASSERT_TRUE(database) << database.error().ToString();
  ASSERT_TRUE(database->Run("CREATE TABLE n AS SELECT range AS i FROM range(40000000)"));
  std::mutex mutex;
  std::vector<double> seen;
  std::optional<ProgressWatch> watch(std::in_place, *database, [&](double done) {
    const std::lock_guard lock(mutex);
    seen.push_back(done);
  });
  // As often as it takes a fast machine to be caught at work.
  for (int round = 0; round < 100; ++round) {
    ASSERT_TRUE(database->Run("SELECT sum(hash(i) % 7), max(sqrt(i)) FROM n"));
    const std::lock_guard lock(mutex);
    if (!seen.empty()) break;
  }
  watch.reset();
  ASSERT_FALSE(seen.empty());
  for (const double done : seen) {
    EXPECT_GE(done, 0);
    EXPECT_LE(done, 1);
  }
  const std::size_t count = seen.size();
  ASSERT_TRUE(database->Run("SELECT sum(hash(i) % 7), max(sqrt(i)) FROM n"));
  EXPECT_EQ(seen.size(), count);
}

}  // namespace
}  // namespace candour::engine
