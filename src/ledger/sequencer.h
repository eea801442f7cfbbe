#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "ledger/log.h"
#include "ledger/private_store.h"

namespace candour::ledger {

/// An entry on its way into a log.
struct Submission {
  EntryType type = EntryType::kStarted;
  std::string payload;
  PrivateHalf half;
};

/// Bounds of a sequencer.
struct SequencerLimits {
  std::size_t queue = 16'384;           ///< submissions that wait
  std::size_t batch_bytes = 16u << 20;  ///< payloads of a batch, of which it takes one at least
};

/// Puts the submissions of many callers into one log in the order of their arrival: whatever waits
/// while a batch is made durable becomes the next batch. So a hundred callers share one sync.
///
/// Order of a batch: private halves, then Log::Commit, then every caller is released.
/// Threads: any. The thread that does the work starts with the first submission.
class Sequencer {
 public:
  /// `log` and `halves` outlive it; only this sequencer puts into `halves`.
  Sequencer(Log& log, PrivateStore& halves, SequencerLimits limits = {});

  /// Ends after what waits has been committed.
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  /// Returns once the entry is durable and signed for, with its number.
  /// Errors: kExhausted (the queue is full; nothing happened), kLedgerReadOnly, those of
  /// PrivateStore::PutBatch for this entry, kInvalidArgument (too long), kIo.
  Result<std::uint64_t> Append(Submission submission);

  /// Nothing is written to log and private halves while the lock is held; callers of Append wait.
  std::unique_lock<std::mutex> Pause() { return std::unique_lock(writing_); }

 private:
  struct Waiting;
  struct Batch;

  void Run();
  std::shared_ptr<Batch> BatchFor(std::size_t bytes);
  void CommitBatch(std::vector<Waiting*> batch);
  Status KeepHalves(std::vector<Waiting*>& batch);

  Log& log_;
  PrivateStore& halves_;
  const SequencerLimits limits_;

  std::mutex writing_;  ///< held while a batch is committed
  std::mutex mutex_;    ///< of all that follows
  std::condition_variable arrived_;
  std::deque<std::shared_ptr<Batch>> queue_;  ///< the oldest first; the last one still grows
  std::size_t queued_ = 0;                    ///< submissions in it
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace candour::ledger
