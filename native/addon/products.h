// Products of float matrices, for what learns in JavaScript.
#pragma once
#include "reader.h"

namespace tiergate {

// timesTransposedOn({ kernel }): (a, rows, b, columns, width, out, adds) => void
napi_value times_transposed_on(napi_env, napi_callback_info);

}  // namespace tiergate
