// Adapters as JavaScript holds them: objects without a method, freed when they are gone and no job uses them.
#pragma once
#include "../engine/jobs.h"
#include "reader.h"

namespace tiergate {

// The object around an adapter of the engine, whose one holder it becomes. Null, the adapter let go of and an exception
// pending, when it cannot be made.
napi_value wrap_adapter(Reader&, napi_env, Adapter*);
// The adapter of an object, or null of null. False and an exception pending for anything else, and for an adapter of
// another engine.
bool unwrap_adapter(Reader&, napi_env, napi_value, const Engine&, Adapter**);

}  // namespace tiergate
