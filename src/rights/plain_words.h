#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "consent/choice.h"
#include "consent/purpose.h"
#include "policy/use.h"

namespace candour::rights {

/// The words in which people read about their data: plain British English, no identifiers where a
/// word will do. Threads: any; pure.

/// "3 March 2025".
std::string PlainDate(UtcTime time);
/// "3 March 2025 at 09:05 UTC".
std::string PlainTime(UtcTime time);

/// Why the law lets it happen, said to the person, e.g. "the law obliges us to do it".
std::string_view BasisWords(consent::LegalBasis basis);

/// What a recorded flag or act shows, e.g. "you said yes".
std::string_view EvidenceWords(consent::Evidence evidence);

/// A channel after "by", e.g. "e-mail"; other names as they are.
std::string ChannelWords(std::string_view channel);

/// A data category without its vocabulary, e.g. "pd:EmailAddress" is "email address".
std::string CategoryWords(std::string_view category);

/// What leaves, e.g. "rows about single people, with names replaced".
std::string_view OutputWords(policy::Output output);

/// "a, b and c".
std::string JoinWords(const std::vector<std::string>& words);

/// Breaks `text` into lines of at most 96 columns, each with `indent` before it and a newline
/// after it. Columns are counted in characters, not bytes.
std::string Wrap(std::string_view text, std::string_view indent);

/// `text` as a terminal may show it: one line, control characters as spaces (data must not move
/// the cursor), cut at `columns` characters.
std::string Shown(std::string_view text, std::size_t columns);

/// How many characters `text` has, for columns that line up.
std::size_t Columns(std::string_view text);

}  // namespace candour::rights
