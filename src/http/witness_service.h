#pragma once

#include "http/message.h"
#include "tlog/witness.h"

namespace candour::http {

/// What a witness serves: `POST /add-checkpoint` and `GET /<SHA-256 of the origin>/checkpoint`.
/// Everything else is 404, or 405 with another method. Threads: any.
/// Source: c2sp.org/tlog-witness. Format: docs/formats/witness.md.
Response AnswerWitnessRequest(tlog::Witness& witness, const Request& request);

}  // namespace candour::http
