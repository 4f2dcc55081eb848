/*
 * The neuron, compiled once for each instruction set.
 */

/* Which lanes are not zero, a bit each. */
static inline uint64_t SNN_NAME(nonzero_lanes)(vec values) {
#if SNN_LANES == 1
  return values != 0.0f;
#elif SNN_LANES == 16
  return (uint64_t)_mm512_cmp_ps_mask((__m512)values, _mm512_setzero_ps(), _CMP_NEQ_UQ);
#else
  const ivec nonzero = (ivec)(values != 0.0f);
  return SNN_MASK(nonzero);
#endif
}

/* The membranes of 64 neurons, in registers as far as there are. */
typedef struct SNN_NAME(membranes) {
  vec lanes[64 / SNN_LANES];
} SNN_NAME(membranes);

/* Membranes before the first step. */
static inline SNN_NAME(membranes) SNN_NAME(resting_membranes)(void) {
  SNN_NAME(membranes) membranes;
  for (int32_t i = 0; i < 64 / SNN_LANES; i++) membranes.lanes[i] = (vec){0.0f};
  return membranes;
}

static inline SNN_NAME(membranes) SNN_NAME(load_membranes)(const float *v) {
  SNN_NAME(membranes) membranes;
  for (int32_t i = 0; i < 64 / SNN_LANES; i++) {
    membranes.lanes[i] = *(const vec *)(v + i * SNN_LANES);
  }
  return membranes;
}

static inline void SNN_NAME(store_membranes)(const SNN_NAME(membranes) * membranes, float *v) {
  for (int32_t i = 0; i < 64 / SNN_LANES; i++) {
    *(vec *)(v + i * SNN_LANES) = membranes->lanes[i];
  }
}

/* Returns which neurons reach the threshold, a bit each; the others keep v as their membrane. */
static inline uint64_t SNN_NAME(reset_fired)(vec v, float threshold, vec *membrane) {
#if SNN_LANES == 1
  const int fired = v >= threshold;
  *membrane = fired ? 0.0f : v;
  return (uint64_t)fired;
#elif SNN_LANES == 16
  const __mmask16 fired = _mm512_cmp_ps_mask((__m512)v, _mm512_set1_ps(threshold), _CMP_GE_OQ);
  *membrane = (vec)_mm512_maskz_mov_ps((__mmask16)~fired, (__m512)v);
  return (uint64_t)fired;
#else
  const ivec fired = (ivec)(v >= threshold);
  *(ivec *)membrane = (ivec)v & ~fired;
  return SNN_MASK(fired);
#endif
}

/* One step of SNN_LANES neurons: takes their inputs, updates their membranes and returns who fired,
 * a bit each. */
static inline uint64_t SNN_NAME(fire_lanes)(snn_charge charge, vec input, vec *membrane) {
  vec v = *membrane;
  if (charge.leaks) {
    input -= v;
    if (charge.divides) {
      input /= charge.factor;
    } else {
      input *= charge.factor;
      SNN_ROUNDED(input);
    }
  }
  v += input;
  return SNN_NAME(reset_fired)(v, charge.threshold, membrane);
}

/* One step of 64 neurons with inputs x [64] and membranes v [64]. */
static uint64_t SNN_NAME(fire)(snn_charge charge, const float *x, float *v) {
  uint64_t fired = 0;
  for (int32_t lane = 0; lane < 64; lane += SNN_LANES) {
    fired |= SNN_NAME(fire_lanes)(charge, *(const vec *)(x + lane), (vec *)(v + lane)) << lane;
  }
  return fired;
}

/* One task of snn_neuron_run: a block of positions over all steps. */
static void SNN_NAME(neuron_task)(void *context, int32_t index, int32_t worker) {
  const snn_neuron_plan *plan = context;
  const int32_t first = index * plan->block;
  const int32_t until = snn_min(first + plan->block, plan->positions);
  const size_t channels = (size_t)plan->channels, words = SNN_WORDS(plan->channels);
  const snn_charge charge = snn_charge_of(plan->neuron);
  (void)worker;
  for (int32_t position = first; position < until; position++) {
    for (size_t word = 0; word < words; word++) {
      const size_t width = channels - 64 * word < 64 ? channels - 64 * word : 64;
      const size_t offset = (size_t)position * channels + 64 * word;
      float *kept = plan->membrane == NULL ? NULL : plan->membrane + offset;
      float membrane[64] = {0.0f}, padded[64] = {0.0f};
      if (kept != NULL) memcpy(membrane, kept, width * sizeof *kept);
      for (int32_t step = 0; step < plan->out_steps; step++) {
        const size_t at = (size_t)step * (size_t)plan->positions + (size_t)position;
        const size_t in = plan->steps > 1 ? at : (size_t)position;
        const float *x = plan->reals + in * channels + 64 * word;
        if (width < 64) x = memcpy(padded, x, width * sizeof *x);
        plan->spikes_out[at * words + word] =
            SNN_NAME(fire)(charge, x, membrane) & snn_low_bits((int32_t)width);
      }
      if (kept != NULL) memcpy(kept, membrane, width * sizeof *kept);
    }
  }
}
