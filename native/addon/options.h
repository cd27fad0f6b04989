// From the options of `createEngine` to a model, and from those of `loadAdapter` to an adapter.
#pragma once
#include "../engine/jobs.h"
#include "reader.h"

namespace tiergate {

// The kernel that the options name, which this processor can run.
bool read_kernel(Reader&, napi_value options, const Kernel**);
// Null and a pending exception, or a model for `Engine::open`.
Model* read_model(Reader&, napi_env, napi_value options, int* threads);
// Null and a pending exception, or an adapter of the engine, with one holder.
Adapter* read_adapter(Reader&, napi_env, napi_value options, const Engine&);

}  // namespace tiergate
