#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::crypto {

/// Reads a file that only its owner may read. `what` is how messages call it, e.g. "key file".
///
/// Errors: kNotFound, kHomePermissions (others may read or write it, or it is somebody else's),
/// kCorruption (not a plain file, or longer than `most_bytes`), kIo. A symbolic link is not
/// followed. Threads: any.
Result<Secret> ReadSecretFile(std::string_view what, const std::filesystem::path& file,
                              std::size_t most_bytes);

/// Puts `bytes` into a new file of mode 0600, durable on return.
/// Errors: kConflict (there is a file already; it is left as it is), kIo.
Status CreateSecretFile(std::string_view what, const std::filesystem::path& file,
                        std::string_view bytes);

/// Puts `bytes` into the place of a file, so that over any crash it is the old one or the new one;
/// mode 0600, durable on return. Beside it a file with ".new" at its end comes and goes.
/// Errors: kIo; the old file then stands.
Status ReplaceSecretFile(std::string_view what, const std::filesystem::path& file,
                         std::string_view bytes);

}  // namespace candour::crypto
