// What JavaScript is told of a job that has ended.
#pragma once
#include "../engine/jobs.h"
#include "reader.h"

namespace tiergate {

// Calls back with the problem in words, or with the result. On JavaScript's thread.
void answer(napi_env, const EncodeJob&, napi_ref callback);

}  // namespace tiergate
