#include "trial.h"

#include <gtest/gtest.h>

#include "merkle/hasher.h"

namespace candour::crash {

using storage::Fault;

void Trial::Strike(std::uint64_t operations, Fault fault, std::size_t byte) {
  strikes_at_ = disk_.operations() + operations;
  fault_ = fault;
  disk_.FailAt(strikes_at_, fault, byte);
}

void Trial::Narrow(std::uint64_t used_bytes, std::uint64_t more_bytes) {
  narrow_ = true;
  disk_.SetSpace(used_bytes + more_bytes);
}

void Trial::Widen() {
  narrow_ = false;
  disk_.SetSpace(~std::uint64_t{0});
}

bool Trial::Struck() const { return narrow_ || disk_.operations() > strikes_at_; }

/// Whether a fault explains the error.
bool Trial::Excused(const Error& error) const {
  if (!Struck()) return false;
  if (fault_ == Fault::kBitFlip && error.code == ErrorCode::kLedgerCorrupt) return true;
  return error.code == ErrorCode::kIo || error.code == ErrorCode::kLedgerReadOnly;
}

void Trial::Acknowledge(const Batch& batch) {
  for (const std::string& entry : batch) {
    tree_.Append(merkle::LeafHash(entry));
    certain_.push_back(entry);
  }
}

/// What is read after opening: all that is certain, and after it the refused batch or nothing.
void Trial::CheckEntries(const Batch& entries) {
  if (entries.size() > certain_.size()) Acknowledge(refused_);
  refused_.clear();
  EXPECT_EQ(entries.size(), certain_.size());
  EXPECT_TRUE(entries == certain_) << "other entries than those acknowledged";
  EXPECT_EQ(log_->Root(), tree_.Root());
}

bool Trial::Open() {
  auto opened = target_.open(disk_);
  if (!opened) {
    EXPECT_TRUE(Excused(opened.error())) << opened.error().ToString();
    return false;
  }
  log_ = *std::move(opened);
  const auto entries = log_->ReadAll();
  if (!entries) {
    EXPECT_TRUE(Excused(entries.error())) << entries.error().ToString();
    return false;
  }
  CheckEntries(*entries);
  const Status verified = log_->Verify();
  EXPECT_TRUE(verified || Excused(verified.error())) << verified.error().ToString();
  return true;
}

bool Trial::Append(const Batch& batch) {
  const auto index = log_->Append(batch);
  if (index) {
    EXPECT_EQ(*index, certain_.size());
    Acknowledge(batch);
    EXPECT_EQ(log_->Root(), tree_.Root());
    return true;
  }
  EXPECT_TRUE(Excused(index.error())) << index.error().ToString();
  if (index.error().code != ErrorCode::kLedgerReadOnly) refused_ = batch;
  CheckAfterRefusal();
  return false;
}

void Trial::CheckAfterRefusal() {
  const auto late = log_->Append({"late"});
  EXPECT_TRUE(!late && late.error().code == ErrorCode::kLedgerReadOnly)
      << "a batch was taken after an error";
  EXPECT_EQ(log_->Root(), tree_.Root());
  const auto entries = log_->ReadAll();
  if (entries) {
    EXPECT_TRUE(*entries == certain_) << "a refused batch shows";
  } else {
    EXPECT_EQ(fault_, Fault::kPowerCut) << entries.error().ToString();
  }
}

void Trial::EndLife() {
  log_.reset();
  strikes_at_ = ~std::uint64_t{0};
}

void Trial::Kill() {
  EndLife();
  disk_.Kill();
}

void Trial::PowerCycle(const storage::Survivors& survivors) {
  EndLife();
  disk_.PowerCycle(survivors);
  ++power_cuts_;
}

void Trial::ExpectSound(std::uint64_t seed) {
  Widen();
  if (Open() && Append({"after", "the storm"})) {
    PowerCycle({.seed = seed + 1});
    Open();
  }
}

}  // namespace candour::crash
