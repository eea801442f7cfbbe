#include <fmt/format.h>

#include <atomic>
#include <nlohmann/json.hpp>

#include "ledger/ledger.h"
#include "ledger/test_settings.h"
#include "ledger_contenders.h"
#include "storage/journal_frame.h"

namespace candour::bench {
namespace {

namespace fs = std::filesystem;
using ledger::Ledger;
using ledger::LogName;

/// How many entries a batch of the journal in `folder` has on average.
Result<double> MeanBatch(const fs::path& folder) {
  double batches = 0;
  double entries = 0;
  CANDOUR_ASSIGN(const std::vector<std::string> names, storage::MachineFilesystem().List(folder));
  for (const std::string& name : names) {
    if (!name.ends_with(".journal")) continue;
    CANDOUR_ASSIGN(const std::string bytes, storage::MachineFilesystem().Read(folder / name));
    std::size_t offset = 0;
    while (const auto frame = storage::GetFrame(bytes, offset)) {
      offset += frame->size();
      const auto trailer = storage::GetTrailer(*frame);
      if (!trailer) continue;
      batches += 1;
      entries += trailer->entries;
    }
  }
  return batches > 0 ? entries / batches : 0;
}

class InCandour final : public Contender {
 public:
  InCandour(fs::path folder, bool accesses) : folder_(std::move(folder)), accesses_(accesses) {}

  std::string name() const override {
    return accesses_ ? "Candour, an access with its private half" : "Candour, an entry";
  }

  Status Open(int) override {
    fs::remove_all(folder_);
    fs::create_directories(folder_.parent_path());
    auto settings = ledger::TestSettings(folder_);
    fs::remove(settings.checkpoint_file);
    settings.publish_every = std::chrono::milliseconds(500);
    CANDOUR_ASSIGN(Ledger opened, Ledger::Open(settings, SystemClock()));
    ledger_.emplace(std::move(opened));
    Bitmap people(50'000);
    for (std::uint32_t record = 1; record < 50'000; record += 2) people.Add(record);
    CANDOUR_ASSIGN(available_, ledger_->StoreSet(people));
    return {};
  }

  Status Record(int) override {
    const auto number = accesses_ ? Begin() : Append();
    if (!number) return std::unexpected(number.error());
    CANDOUR_TRY(ledger_->Receipt(LogName::kAccesses, *number));
    return {};
  }

  Result<std::optional<double>> Close() override {
    ledger_.reset();
    CANDOUR_ASSIGN(const double batch,
                   MeanBatch(folder_ / ToString(LogName::kAccesses) / "journal"));
    fs::remove_all(folder_);
    fs::remove(ledger::TestSettings(folder_).checkpoint_file);
    return batch;
  }

 private:
  Result<std::uint64_t> Append() {
    return ledger_->Append(ledger::EntryType::kDenied, EntryBody(next_++));
  }

  Result<std::uint64_t> Begin() {
    return ledger_->Started({.principal = "analyst",
                             .use = "basket-insight",
                             .purpose = "range-planning",
                             .recipient = "planners",
                             .output = "aggregates",
                             .datasets = "food.products,food.transactions",
                             .statement = fmt::format("SELECT category, count(*) FROM "
                                                      "food.transactions WHERE week = {} GROUP BY "
                                                      "category",
                                                      next_++),
                             .os_user = "bench",
                             .available = available_,
                             .available_people = 25'000});
  }

  fs::path folder_;
  bool accesses_;
  std::optional<Ledger> ledger_;
  ledger::SetId available_;
  std::atomic<std::uint64_t> next_{0};
};

}  // namespace

std::unique_ptr<Contender> CandourContender(const fs::path& folder, bool accesses) {
  return std::make_unique<InCandour>(folder / "candour", accesses);
}

}  // namespace candour::bench
