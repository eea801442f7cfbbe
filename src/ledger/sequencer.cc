#include "ledger/sequencer.h"

#include <fmt/format.h>

#include <semaphore>
#include <vector>

namespace candour::ledger {

/// A caller that waits for its entry; it lies on that caller's stack.
struct Sequencer::Waiting {
  Submission submission;
  Result<std::uint64_t> answer = std::unexpected(Error{});
  std::binary_semaphore done{0};

  void Answer(Result<std::uint64_t> result) {
    answer = std::move(result);
    done.release();
  }
};

Sequencer::Sequencer(Log& log, PrivateStore& halves, SequencerLimits limits)
    : log_(log), halves_(halves), limits_(limits) {}

Sequencer::~Sequencer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable()) thread_.join();
}

Result<std::uint64_t> Sequencer::Append(Submission submission) {
  if (submission.payload.size() > storage::kMaxPayloadSize) {
    return Fail(
        Error{.code = ErrorCode::kInvalidArgument, .message = "The ledger entry is too long."}
            .Expected(fmt::format("at most {} bytes", storage::kMaxPayloadSize))
            .Found(fmt::format("{} bytes", submission.payload.size())));
  }
  Waiting waiting{.submission = std::move(submission)};
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= limits_.queue) {
      return Fail(
          Error{.code = ErrorCode::kExhausted, .message = "Too many entries wait to be recorded."}
              .Next("try again in a moment"));
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
    queue_.push_back(&waiting);
  }
  arrived_.notify_one();
  waiting.done.acquire();
  return std::move(waiting.answer);
}

void Sequencer::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::deque<Waiting*> batch = TakeBatch();
    lock.unlock();
    CommitBatch(batch);
    lock.lock();
  }
}

/// What waits, within the bounds of a batch. The caller holds the lock.
std::deque<Sequencer::Waiting*> Sequencer::TakeBatch() {
  std::deque<Waiting*> batch;
  std::size_t bytes = 0;
  while (!queue_.empty() && batch.size() < storage::kMaxBatchEntries) {
    bytes += queue_.front()->submission.payload.size();
    if (bytes > limits_.batch_bytes && !batch.empty()) break;
    batch.push_back(queue_.front());
    queue_.pop_front();
  }
  return batch;
}

/// Puts the private halves where they are kept. Who is refused there is answered and leaves the
/// batch.
Status Sequencer::KeepHalves(std::deque<Waiting*>& batch) {
  std::vector<PrivateHalf*> halves;
  for (Waiting* waiting : batch) halves.push_back(&waiting->submission.half);
  auto answers = halves_.PutBatch(halves, log_.size());
  if (!answers) return log_.StopOn(std::unexpected(std::move(answers).error()));
  std::deque<Waiting*> admitted;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if ((*answers)[i]) {
      admitted.push_back(batch[i]);
    } else {
      batch[i]->Answer(std::move((*answers)[i]));
    }
  }
  batch = std::move(admitted);
  return {};
}

void Sequencer::CommitBatch(std::deque<Waiting*>& batch) {
  const std::lock_guard writing(writing_);
  const auto refuse_all = [&](const Error& error) {
    for (Waiting* waiting : batch) waiting->Answer(std::unexpected(error));
  };
  Status ready = log_.CheckWritable();
  if (ready) ready = KeepHalves(batch);
  if (!ready) return refuse_all(ready.error());
  if (batch.empty()) return;
  std::vector<storage::JournalRecord> records;
  for (const Waiting* waiting : batch) {
    records.push_back(
        {static_cast<std::uint8_t>(waiting->submission.type), waiting->submission.payload});
  }
  const Result<std::uint64_t> first = log_.Commit(records);
  if (!first) return refuse_all(first.error());
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->Answer(*first + i);
}

}  // namespace candour::ledger
