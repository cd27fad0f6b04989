// The arithmetic of an encoder written once over vectors of any width. A file of an instruction set describes its
// vectors in a `Traits` and gets a whole kernel: `vector_kernel<Traits>(name, supported)`.
//
// Vectors are those of GCC's and Clang's vector extension, so that the float steps need no intrinsics. What differs
// between processors is the product of bytes: `Traits::dot`.
//
//   struct Traits {
//     static constexpr int lanes;         // 32-bit values in a vector
//     static constexpr int panel_vectors; // vectors side by side in a tile: a panel is lanes * panel_vectors columns
//     static constexpr int rows;          // most rows of a tile, so that all accumulators stay in registers
//     static constexpr int zero;          // what activations are stored above: 128 where `dot` takes unsigned bytes
//     static void dot(I& sums, I a, I b); // each lane: four products of bytes of a (activations) and b, added to sums
//     static F max(F, F);
//   };
//
// A matrix is packed so that its columns lie along the vector: 4 inputs of one output in each lane.
//
//   panel 0                                                              panel 1
//   ┌ group 0 (inputs 0..3) ──────────────────┬ group 1 (inputs 4..7) …  ┌ …
//   │ output 0: k0 k1 k2 k3 │ output 1: … │ … │                          │
//
// Everything here has internal linkage: each file compiles its own copy for its own processor.
#pragma once
#include "attention.h"
#include "floats.h"
#include "matrices.h"
#include "rows.h"

namespace tiergate {
namespace {

template <class T>
constexpr Kernel vector_kernel(const char* name, bool (*supported)()) {
  return {name,          supported,    Vectors<T>::panel, T::rows,          linear_bytes<T>, pack_linear<T>,
          embed<T>,      layer_norm<T>, quantize<T>,      quantize_gelu<T>, linear<T>,       rotate<T>,
          split_heads<T>, attend<T>,    attend_scratch<T>, dense<T>,
          times_transposed<T>, add_product<T>};
}

}  // namespace
}  // namespace tiergate
