/* The loop, once for each width of vectors; the kernels name the instruction sets. */
#include "peak.h"

#include <string.h>

/* The sums are read from memory, so that no compiler can tell that chains are alike. */
#define PEAK_LOOP(name, vec, lanes)                                                             \
  static int64_t name(int64_t rounds, float *memory) {                                          \
    vec sums[PEAK_CHAINS];                                                                      \
    const vec one = (vec){0.0f} + 1.0f;                                                         \
    memcpy(sums, memory, sizeof sums);                                                          \
    for (int64_t round = 0; round < rounds; round++) {                                          \
      for (int chain = 0; chain < PEAK_CHAINS; chain++) sums[chain] += one;                     \
    }                                                                                           \
    memcpy(memory, sums, sizeof sums);                                                          \
    return rounds * PEAK_CHAINS * (lanes);                                                      \
  }

PEAK_LOOP(peak_add_portable, float, 1)

#if defined(__SSE2__) || defined(__aarch64__)
#define PEAK_HAS_VECTOR128 1
typedef float peak_vec4 __attribute__((vector_size(16)));
PEAK_LOOP(peak_add_vector128, peak_vec4, 4)
#endif

#if defined(__x86_64__)
typedef float peak_vec8 __attribute__((vector_size(32)));
typedef float peak_vec16 __attribute__((vector_size(64)));
__attribute__((target("avx2"))) PEAK_LOOP(peak_add_avx2, peak_vec8, 8)
__attribute__((target("avx512f"))) PEAK_LOOP(peak_add_avx512, peak_vec16, 16)
#endif

int64_t peak_add(const char *instruction_set, int64_t rounds, float *sums) {
  if (strcmp(instruction_set, "portable") == 0) return peak_add_portable(rounds, sums);
#if defined(PEAK_HAS_VECTOR128)
  if (strcmp(instruction_set, "vector128") == 0) return peak_add_vector128(rounds, sums);
#endif
#if defined(__x86_64__)
  if (strcmp(instruction_set, "avx2") == 0) return peak_add_avx2(rounds, sums);
  if (strcmp(instruction_set, "avx512") == 0) return peak_add_avx512(rounds, sums);
#endif
  return 0;
}
