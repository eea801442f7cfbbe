#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace candour::crypto {

/// The file that CANDOUR_PASSPHRASE_FILE names, or nothing when it is not set or empty.
std::optional<std::filesystem::path> PassphraseFileFromEnvironment();

/// The passphrase in a file of mode 0600, without the line break at its end.
/// Errors: those of ReadSecretFile, kInvalidArgument (nothing in it).
Result<Secret> ReadPassphraseFile(const std::filesystem::path& file);

/// Asks for a passphrase on a terminal that is open for reading and writing; what is typed is not
/// shown. A signal that ends or stops the process first puts the terminal back as it was.
/// Errors: kKeyLocked (not a terminal, nothing typed, or more than 1,024 bytes). Threads: one.
Result<Secret> ReadFromTerminal(int terminal, std::string_view prompt);

/// The same on the terminal that the process belongs to.
Result<Secret> ReadFromOwnTerminal(std::string_view prompt);

/// The passphrase of the root key: from the file that CANDOUR_PASSPHRASE_FILE names, else from the
/// terminal. Errors: of both.
Result<Secret> AskForKeyPassphrase();

}  // namespace candour::crypto
