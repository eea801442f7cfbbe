// Writes a transparency log as a static folder (C2SP tlog-tiles), for other programs to read:
//
//   write_log FOLDER SIZE...       sizes ascending
//
// FOLDER then has `log`, which grew from size to size and so has the tiles of each; `vkey`, its
// public key; for each size a checkpoint `checkpoint.SIZE`; and some receipts of the last size.
#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "merkle/hasher.h"
#include "merkle/inclusion_proof.h"
#include "merkle/node_source.h"
#include "tlog/checkpoint.h"
#include "tlog/entry_bundle.h"
#include "tlog/receipt_proof.h"
#include "tlog/test_keys.h"
#include "tlog/tile.h"

namespace candour {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOrigin = "test.candour.example/interop";

/// Entries of all kinds of length, among them none and the longest.
std::string EntryAt(std::uint64_t index) {
  if (index == 2) return "";
  if (index == 3) return std::string(tlog::kMaxEntrySize, 'x');
  return fmt::format(R"({{"body":{{"number":{}}},"type":"applied","v":1}})", index);
}

/// All hashes of a tree that grows, level by level.
class WholeTree final : public merkle::NodeSource {
 public:
  void Append(crypto::Digest hash) {
    for (std::size_t level = 0;; ++level) {
      if (level == levels_.size()) levels_.emplace_back();
      std::vector<crypto::Digest>& nodes = levels_[level];
      nodes.push_back(hash);
      if (nodes.size() % 2 == 1) return;
      hash = merkle::NodeHash(nodes[nodes.size() - 2], nodes.back());
    }
  }
  std::uint64_t size() const { return levels_.empty() ? 0 : levels_.front().size(); }

  Result<crypto::Digest> Node(int level, std::uint64_t index) const override {
    return levels_.at(static_cast<std::size_t>(level)).at(index);
  }

 private:
  std::vector<std::vector<crypto::Digest>> levels_;
};

void Write(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out.exceptions(std::ios::failbit | std::ios::badbit);
  out << bytes;
}

class LogWriter {
 public:
  explicit LogWriter(fs::path folder) : folder_(std::move(folder)) {
    signers_.push_back(tlog::TestSigner(kOrigin, "interop"));
    Write(folder_ / "vkey", signers_.front().verifier_key().ToString() + "\n");
  }

  void GrowTo(std::uint64_t size) {
    const std::uint64_t before = tree_.size();
    while (tree_.size() < size) tree_.Append(merkle::LeafHash(EntryAt(tree_.size())));
    for (const tlog::Tile& tile : tlog::NewTiles(before, size)) WriteHashes(tile);
    for (const tlog::Tile& tile : tlog::NewBundles(before, size)) WriteEntries(tile);
    note_ = tlog::SignNote(
                tlog::FormatCheckpoint(
                    {.origin = kOrigin, .size = size, .root = merkle::RootOf(tree_, size).value()})
                    .value(),
                signers_)
                .value();
    Write(folder_ / fmt::format("checkpoint.{}", size), note_);
    Write(folder_ / "log/checkpoint", note_);
  }

  void WriteReceipt(std::uint64_t index) const {
    const tlog::ReceiptProof receipt{
        .extra = EntryAt(index),
        .index = index,
        .hashes = merkle::ProveInclusion(tree_, index, tree_.size()).value(),
        .checkpoint = note_};
    Write(folder_ / fmt::format("{}.tlog-proof", index), tlog::EncodeReceipt(receipt).value());
  }

 private:
  void WriteHashes(const tlog::Tile& tile) const {
    std::string bytes;
    for (int i = 0; i < tile.width; ++i) {
      const std::uint64_t at = tile.index * tlog::kTileWidth + static_cast<std::uint64_t>(i);
      bytes += BytesOf(tree_.Node(*tile.level * tlog::kTileHeight, at).value());
    }
    Write(folder_ / "log" / tlog::PathOf(tile), bytes);
  }

  void WriteEntries(const tlog::Tile& tile) const {
    std::vector<std::string> entries;
    for (int i = 0; i < tile.width; ++i) {
      entries.push_back(EntryAt(tile.index * tlog::kTileWidth + static_cast<std::uint64_t>(i)));
    }
    Write(folder_ / "log" / tlog::PathOf(tile), tlog::EncodeBundle(entries).value());
  }

  fs::path folder_;
  std::vector<tlog::Signer> signers_;
  WholeTree tree_;
  std::string note_;
};

int Run(std::span<char*> arguments) {
  if (arguments.size() < 3) {
    fmt::print(stderr, "usage: write_log FOLDER SIZE...\n");
    return 2;
  }
  LogWriter log(arguments[1]);
  std::uint64_t size = 0;
  for (const std::string_view text : arguments.subspan(2)) {
    const std::uint64_t before = size;
    const auto [end, error] = std::from_chars(text.begin(), text.end(), size);
    if (error != std::errc() || end != text.end() || size <= before) {
      fmt::print(stderr, "write_log: sizes are numbers, each larger than the one before\n");
      return 2;
    }
    log.GrowTo(size);
  }
  log.WriteReceipt(0);
  log.WriteReceipt(size / 2);
  log.WriteReceipt(size - 1);
  return 0;
}

}  // namespace
}  // namespace candour

int main(int count, char** arguments) {
  return candour::Run({arguments, static_cast<std::size_t>(count)});
}
