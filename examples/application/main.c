/* Says which digit a drawing shows: 16 lines of 16 characters, the darker the more ink.
 * docs/tutorial.md makes the library that it calls, and builds it. */
#include <stdalign.h>
#include <stdio.h>
#include <string.h>

#include "digits_spikingformer.h"
#include "snn_map.h"

#define SIDE 16

/* The model works here, and allocates nothing. */
static alignas(64) unsigned char arena[DIGITS_SPIKINGFORMER_ARENA_BYTES(1)];

/* Reads a drawing as the network was trained to see it: from 0 for paper to 1 for ink, less the
 * mean, over the standard deviation. `snnc inspect` tells both numbers. */
static int read_drawing(const char *path, float *pixels) {
  static const char shades[] = " .:-=+*#%@";
  char line[80];
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  for (int row = 0; row < SIDE; row++) {
    size_t length = fgets(line, sizeof line, file) ? strcspn(line, "\n") : 0;
    for (size_t column = 0; column < SIDE; column++) {
      const char *shade = column < length ? strchr(shades, line[column]) : shades;
      float ink = shade ? (float)(shade - shades) / 9.0f : 1.0f;
      pixels[(size_t)row * SIDE + column] = (ink - 0.3f) / 0.35f;
    }
  }
  fclose(file);
  return 1;
}

int main(int argc, char **argv) {
  const size_t size = DIGITS_SPIKINGFORMER_WEIGHTS_BYTES;
  float pixels[DIGITS_SPIKINGFORMER_INPUT_COUNT], scores[DIGITS_SPIKINGFORMER_OUTPUT_COUNT];
  digits_spikingformer model;
  int best = 0;
  if (argc != 3) {
    fprintf(stderr, "usage: %s WEIGHTS DRAWING\n", argv[0]);
    return 64;
  }
  const void *weights = snn_map(argv[1], size);
  if (digits_spikingformer_init(&model, arena, sizeof arena, weights, size, NULL)) {
    fprintf(stderr, "%s: not the weights of this network\n", argv[1]);
    return 65;
  }
  if (!read_drawing(argv[2], pixels)) {
    fprintf(stderr, "%s: cannot be read\n", argv[2]);
    return 66;
  }
  digits_spikingformer_run(&model, pixels, scores);
  for (int digit = 1; digit < DIGITS_SPIKINGFORMER_OUTPUT_COUNT; digit++)
    if (scores[digit] > scores[best]) best = digit;
  printf("%s shows a %d (%.2f)\n", argv[2], best, (double)scores[best]);
  snn_unmap(weights, size);
  return 0;
}
