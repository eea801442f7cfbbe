#include "consent/channel_reader.h"

#include <algorithm>

#include "base/nearest.h"

namespace candour::consent {

std::string ReadChannel(YamlReader& reader) {
  static const std::vector<std::string> kChannels = {"any",   "email", "post",     "sms",
                                                     "phone", "push",  "in-person"};
  const std::string channel = reader.OptionalText("channel", "any");
  if (std::ranges::find(kChannels, channel) != kChannels.end()) return channel;
  reader.Report(Error{.code = ErrorCode::kDeclarationInvalid,
                      .message = "a value is not one of those accepted: channel"}
                    .At(reader.Place("channel"))
                    .Expected("one of " + JoinNames(kChannels))
                    .Found(Quoted(channel))
                    .Next(SuggestName(channel, kChannels)));
  return "any";
}

}  // namespace candour::consent
