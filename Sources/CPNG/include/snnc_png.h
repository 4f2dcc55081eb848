/* Reads PNG files through libpng.
 *
 * libpng reports errors with longjmp, which must not pass a frame of Swift, and its simplified
 * interface corrects gammas, which the readers of data sets do not. So this is the one place that
 * calls it. */
#ifndef SNNC_PNG_H
#define SNNC_PNG_H

#include <stddef.h>
#include <stdint.h>

enum {
  SNNC_PNG_PALETTE = 3 * 256, /* bytes of the largest palette */
  SNNC_PNG_MESSAGE = 128      /* bytes of the longest message, with the zero at its end */
};

/* Reads the samples of the PNG file of `count` bytes, as the file has them: rows from the top,
 * channels side by side. Of samples of 16 bits the high byte is taken; smaller samples than a byte
 * get one each, and keep their values. Gammas, profiles and transparent colours are not applied.
 *
 * `samples` has room for `samples_count` bytes, which must be what the picture takes. Of a picture
 * with a palette the colours go to `palette`, their number to `colors`; of another one that is 0.
 *
 * Returns 0, or -1 with libpng's words, or ours, in `message`. */
int snnc_png_read(const uint8_t *bytes, size_t count, uint8_t *samples, size_t samples_count,
                  uint8_t *palette, int *colors, char *message);

#endif
