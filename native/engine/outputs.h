// From the states that the last layer leaves to what a pass gives: pooled vectors, and the logits of all heads.
#pragma once
#include "workspace.h"

namespace tiergate {

// `not_finite` for a vector without direction. Where norms stand before their block, the last one is done here, in place.
Status write_outputs(const Model&, Workspace&, const Batch&, const Output&);

}  // namespace tiergate
