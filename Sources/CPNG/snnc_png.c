#include "snnc_png.h"

#include <png.h>
#include <stdio.h>
#include <string.h>

/* A file in memory, and where to put what is wrong with it. */
typedef struct {
  const uint8_t *bytes;
  size_t left;
  char *message;
} file;

static void take_bytes(png_structp png, png_bytep to, size_t count) {
  file *from = png_get_io_ptr(png);
  if (count > from->left) png_error(png, "the file is cut short");
  memcpy(to, from->bytes, count);
  from->bytes += count;
  from->left -= count;
}

static void on_error(png_structp png, png_const_charp message) {
  file *from = png_get_error_ptr(png);
  snprintf(from->message, SNNC_PNG_MESSAGE, "%s", message);
  png_longjmp(png, 1);
}

/* Warnings are of what is not used here, such as profiles; damage is an error. */
static void on_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

/* Reads everything; leaves by longjmp where something is wrong. */
static void read_all(png_structp png, png_infop info, uint8_t *samples, size_t samples_count,
                     uint8_t *palette, int *colors) {
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  /* No chunk but those that hold the picture is read: not even compressed texts. */
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_read_info(png, info);
  png_set_packing(png);
  png_set_strip_16(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  const size_t stride = png_get_rowbytes(png, info);
  const size_t height = png_get_image_height(png, info);
  if (height * stride != samples_count) png_error(png, "the header contradicts itself");
  for (int pass = 0; pass < passes; pass++) {
    for (size_t row = 0; row < height; row++) png_read_row(png, samples + row * stride, NULL);
  }
  png_read_end(png, NULL);
  png_colorp entries = NULL;
  if (png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE) {
    png_get_PLTE(png, info, &entries, colors);
  }
  for (int index = 0; index < *colors; index++) {
    palette[3 * index] = entries[index].red;
    palette[3 * index + 1] = entries[index].green;
    palette[3 * index + 2] = entries[index].blue;
  }
}

int snnc_png_read(const uint8_t *bytes, size_t count, uint8_t *samples, size_t samples_count,
                  uint8_t *palette, int *colors, char *message) {
  file from = {bytes, count, message};
  *colors = 0;
  snprintf(message, SNNC_PNG_MESSAGE, "there is no memory left");
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &from, on_error, on_warning);
  if (!png) return -1;
  png_infop info = png_create_info_struct(png);
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return -1;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return -1;
  }
  png_set_read_fn(png, &from, take_bytes);
  read_all(png, info, samples, samples_count, palette, colors);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}
