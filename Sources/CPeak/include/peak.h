/*
 * A loop of additions on registers, by which the peak of a machine is measured. It is no part of the
 * kernels, which emitted programs carry.
 */
#ifndef PEAK_H
#define PEAK_H

#include <stdint.h>

/* Sums that are in flight at a time, more than a processor's latency asks for, and few enough for
 * the sixteen registers of AVX2. */
#define PEAK_CHAINS 12

/* The most floats of a vector. */
#define PEAK_LANES 16

/* Adds 1 to sums[i] for each i < PEAK_CHAINS * lanes, `rounds` times over, on vectors of as many
 * lanes as the instruction set has that snn_instruction_set() names. `sums` holds PEAK_CHAINS *
 * PEAK_LANES floats. Returns the number of additions, or 0 for a set that was not compiled. */
int64_t peak_add(const char *instruction_set, int64_t rounds, float *sums);

#endif
