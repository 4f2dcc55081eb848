/*
 * The neuron, compiled once for each instruction set.
 */

/* One step of 64 neurons: takes their inputs x [64], updates the membranes v [64] and returns who
 * fired. A division by a tau of 2 is done as a product with 0.5, which gives the same bits. */
static uint64_t SNN_NAME(fire)(const snn_neuron *neuron, const float *x, float *v) {
  const float threshold = neuron->threshold;
  const int integrates = neuron->kind == SNN_IF, learned = neuron->kind == SNN_PLIF;
  const int multiplies = learned || neuron->tau == 2.0f;
  const float tau = neuron->tau, inverse = learned ? tau : 0.5f;
  uint64_t word = 0;
  for (int32_t lane = 0; lane < 64; lane += SNN_LANES) {
    vec membrane = *(const vec *)(v + lane), change = *(const vec *)(x + lane);
    if (!integrates) {
      change -= membrane;
      if (multiplies) {
        change *= inverse;
        SNN_ROUNDED(change);
      } else {
        change /= tau;
      }
    }
    membrane += change;
#if SNN_LANES == 1
    const int fired = membrane >= threshold;
    word |= (uint64_t)fired << lane;
    v[lane] = fired ? 0.0f : membrane;
#else
    const ivec fired = (ivec)(membrane >= threshold);
    word |= SNN_MASK(fired) << lane;
    *(ivec *)(v + lane) = (ivec)membrane & ~fired;
#endif
  }
  return word;
}

/* One task of snn_neuron_run: a block of positions over all steps. */
static void SNN_NAME(neuron_task)(void *context, int32_t index, int32_t worker) {
  const snn_neuron_plan *plan = context;
  const int32_t first = index * plan->block;
  const int32_t until = snn_min(first + plan->block, plan->positions);
  const size_t channels = (size_t)plan->channels, words = SNN_WORDS(plan->channels);
  (void)worker;
  for (int32_t position = first; position < until; position++) {
    for (size_t word = 0; word < words; word++) {
      const size_t width = channels - 64 * word < 64 ? channels - 64 * word : 64;
      float membrane[64] = {0.0f}, padded[64] = {0.0f};
      for (int32_t step = 0; step < plan->out_steps; step++) {
        const size_t at = (size_t)step * (size_t)plan->positions + (size_t)position;
        const size_t in = plan->steps > 1 ? at : (size_t)position;
        const float *x = plan->reals + in * channels + 64 * word;
        if (width < 64) x = memcpy(padded, x, width * sizeof *x);
        plan->spikes_out[at * words + word] =
            SNN_NAME(fire)(plan->neuron, x, membrane) & snn_low_bits((int32_t)width);
      }
    }
  }
}
