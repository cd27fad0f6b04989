// From the options of `createEngine` to a model.
#pragma once
#include "../engine/jobs.h"
#include "reader.h"

namespace tiergate {

// Null and a pending exception, or a model for `Engine::open`.
Model* read_model(Reader&, napi_env, napi_value options, int* threads);

}  // namespace tiergate
