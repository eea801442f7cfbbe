#include "crypto/key_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

#include "base/check.h"
#include "crypto/random.h"

namespace candour::crypto {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

Error KeyFileError(ErrorCode code, std::string_view what, const std::filesystem::path& file) {
  return Error{.code = code, .message = fmt::format("{}: {}.", what, file.string())};
}

std::unexpected<Error> SystemError(std::string_view what, const std::filesystem::path& file) {
  const int reason = errno;
  return Fail(KeyFileError(ErrorCode::kIo, what, file).Found(std::strerror(reason)));
}

Status SyncFolderOf(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) {
    return SystemError("Cannot make the key file durable", file);
  }
  return {};
}

Status WriteDurably(int fd, const Secret& key, const std::filesystem::path& file) {
  std::string_view rest = key.Reveal();
  while (!rest.empty()) {
    const ssize_t written = ::write(fd, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return SystemError("Cannot write the key file", file);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  // The mode is set again because the process's umask may have taken the owner's own bits away.
  if (::fchmod(fd, S_IRUSR | S_IWUSR) != 0 || ::fsync(fd) != 0) {
    return SystemError("Cannot make the key file durable", file);
  }
  return {};
}

Status CheckFile(int fd, const std::filesystem::path& file) {
  struct stat facts = {};
  if (::fstat(fd, &facts) != 0) return SystemError("Cannot look at the key file", file);
  if (!S_ISREG(facts.st_mode)) {
    return Fail(KeyFileError(ErrorCode::kCorruption, "The key file is not a plain file", file));
  }
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0 || facts.st_uid != ::geteuid()) {
    return Fail(KeyFileError(ErrorCode::kHomePermissions, "The key file is open to others", file)
                    .Expected("mode 0600, owned by the user who runs Candour")
                    .Found(fmt::format("mode {:04o}", facts.st_mode & 07777))
                    .Next(fmt::format("chmod 600 {}", file.string())));
  }
  if (facts.st_size != static_cast<off_t>(kKeySize)) {
    return Fail(KeyFileError(ErrorCode::kCorruption, "The key file has the wrong size", file)
                    .Expected(fmt::format("{} bytes", kKeySize))
                    .Found(fmt::format("{} bytes", facts.st_size)));
  }
  return {};
}

}  // namespace

std::optional<std::filesystem::path> KeyFileFromEnvironment() {
  const char* const name = std::getenv("CANDOUR_KEY_FILE");
  if (name == nullptr || *name == '\0') return std::nullopt;
  return std::filesystem::path(name);
}

Status CreateRootKey(const std::filesystem::path& file) {
  const Descriptor fd(
      ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd.get() < 0 && errno == EEXIST) {
    return Fail(KeyFileError(ErrorCode::kConflict, "There is a key file already", file)
                    .Next("keep it: without it no pseudonym can be made again"));
  }
  if (fd.get() < 0) return SystemError("Cannot make the key file", file);
  CANDOUR_TRY(WriteDurably(fd.get(), RandomSecret(kKeySize), file));
  return SyncFolderOf(file);
}

Result<Secret> ReadRootKey(const std::filesystem::path& file) {
  // O_NONBLOCK: opening a pipe put in the key's place must not hang.
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (fd.get() < 0 && errno == ENOENT) {
    return Fail(KeyFileError(ErrorCode::kNotFound, "There is no key file", file)
                    .Expected("the file that CANDOUR_KEY_FILE names, made by `candour init`"));
  }
  if (fd.get() < 0) return SystemError("Cannot open the key file", file);
  CANDOUR_TRY(CheckFile(fd.get(), file));
  Secret key(kKeySize);
  for (std::size_t at = 0; at < kKeySize;) {
    const ssize_t got = ::read(fd.get(), key.Fill() + at, kKeySize - at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return SystemError("Cannot read the key file", file);
    at += static_cast<std::size_t>(got);
  }
  return key;
}

Secret DeriveKey(const Secret& root, std::string_view label) {
  EVP_KDF* const algorithm = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  EVP_KDF_CTX* const context = EVP_KDF_CTX_new(algorithm);
  CANDOUR_CHECK(algorithm != nullptr && context != nullptr);
  std::string info = fmt::format("candour/v1/{}", label);
  char digest[] = "SHA256";
  const std::string_view material = root.Reveal();
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char*>(material.data()),
                                        material.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
      OSSL_PARAM_construct_end(),
  };
  Secret key(kKeySize);
  const int done = EVP_KDF_derive(context, key.Fill(), key.size(), parameters);
  EVP_KDF_CTX_free(context);
  EVP_KDF_free(algorithm);
  CANDOUR_CHECK(done == 1);
  return key;
}

}  // namespace candour::crypto
