#pragma once

#include <string>

#include "base/yaml_reader.h"

namespace candour::consent {

/// Reads the optional key `channel`: how somebody is reached (email, post, sms, phone, push,
/// in-person), or "any". Errors: kDeclarationInvalid into the reader's diagnostics.
std::string ReadChannel(YamlReader& reader);

}  // namespace candour::consent
