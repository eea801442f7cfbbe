#include "ledger/sequencer.h"

#include <fmt/format.h>

namespace candour::ledger {

/// A caller that waits for its entry; it lies on that caller's stack.
struct Sequencer::Waiting {
  Submission submission;
  Result<std::uint64_t> answer = std::unexpected(Error{});
};

/// Callers that wait for the same sync. One word to all of them costs less than one to each.
struct Sequencer::Batch {
  std::vector<Waiting*> waiting;
  std::size_t bytes = 0;  ///< of their payloads
  bool answered = false;
  std::condition_variable done;
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
  std::unique_lock lock(mutex_);
  if (queued_ >= limits_.queue) {
    return Fail(
        Error{.code = ErrorCode::kExhausted, .message = "Too many entries wait to be recorded."}
            .Next("try again in a moment"));
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  const std::shared_ptr<Batch> batch = BatchFor(waiting.submission.payload.size());
  batch->waiting.push_back(&waiting);
  ++queued_;
  arrived_.notify_one();
  batch->done.wait(lock, [&] { return batch->answered; });
  return std::move(waiting.answer);
}

/// The batch that a submission of so many bytes goes into. The caller holds the lock.
std::shared_ptr<Sequencer::Batch> Sequencer::BatchFor(std::size_t bytes) {
  const bool fits = !queue_.empty() && queue_.back()->waiting.size() < storage::kMaxBatchEntries &&
                    queue_.back()->bytes + bytes <= limits_.batch_bytes;
  if (!fits) queue_.push_back(std::make_shared<Batch>());
  queue_.back()->bytes += bytes;
  return queue_.back();
}

void Sequencer::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    arrived_.wait(lock, [this] { return ending_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::shared_ptr<Batch> batch = std::move(queue_.front());
    queue_.pop_front();
    queued_ -= batch->waiting.size();
    lock.unlock();
    CommitBatch(batch->waiting);
    lock.lock();
    batch->answered = true;
    batch->done.notify_all();
  }
}

/// Puts the private halves where they are kept. Who is refused there is answered and leaves the
/// batch.
Status Sequencer::KeepHalves(std::vector<Waiting*>& batch) {
  std::vector<PrivateHalf*> halves;
  for (Waiting* waiting : batch) halves.push_back(&waiting->submission.half);
  auto answers = halves_.PutBatch(halves, log_.size());
  if (!answers) return log_.StopOn(std::unexpected(std::move(answers).error()));
  std::vector<Waiting*> admitted;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if ((*answers)[i]) {
      admitted.push_back(batch[i]);
    } else {
      batch[i]->answer = std::move((*answers)[i]);
    }
  }
  batch = std::move(admitted);
  return {};
}

void Sequencer::CommitBatch(std::vector<Waiting*> batch) {
  const std::lock_guard writing(writing_);
  const auto refuse_all = [&](const Error& error) {
    for (Waiting* waiting : batch) waiting->answer = std::unexpected(error);
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
  for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->answer = *first + i;
}

}  // namespace candour::ledger
