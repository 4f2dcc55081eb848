/* NumPy's .npy format: numpy.lib.format in its documentation; the zip of .npz: PKWARE's
 * APPNOTE.TXT, local file headers (4.3.7), central directory (4.3.12) and its end (4.3.16). */
#include "snn_npy.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A header longer than this is not one of numpy's for the arrays that are read here. */
#define SNN_HEADER_LIMIT 65536u

static size_t snn_little16(const unsigned char *bytes) {
  return bytes[0] | (size_t)bytes[1] << 8;
}

/* ---- reading ---- */

static const char *snn_skip_spaces(const char *text) {
  while (*text == ' ' || *text == '\t' || *text == '\n') text++;
  return text;
}

/* The value of a key in the header's dictionary, or NULL. */
static const char *snn_header_value(const char *header, const char *key) {
  const char *found = strstr(header, key);
  if (found == NULL) return NULL;
  found = snn_skip_spaces(found + strlen(key));
  return *found == ':' ? snn_skip_spaces(found + 1) : NULL;
}

/* Parses a tuple of dimensions, "(1, 3, 224, 224)", and multiplies them up. */
static const char *snn_parse_shape(const char *text, snn_npy *array) {
  array->rank = 0;
  array->count = 1;
  if (*text != '(') return "the header's shape is not a tuple";
  text = snn_skip_spaces(text + 1);
  while (*text >= '0' && *text <= '9') {
    size_t size = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
      const size_t digit = (size_t)(*text - '0');
      if (size > ((size_t)-1 - digit) / 10) return "a dimension is too large";
      size = size * 10 + digit;
    }
    if (array->rank == SNN_NPY_RANK) return "the array has more than 32 dimensions";
    if (size == 0) return "a dimension is zero";
    if (array->count > (size_t)-1 / sizeof(float) / size) return "the array is too large";
    array->shape[array->rank++] = size;
    array->count *= size;
    text = snn_skip_spaces(text);
    if (*text == ',') text = snn_skip_spaces(text + 1);
  }
  if (*text != ')') return "the header's shape is not a tuple of numbers";
  return NULL;
}

static const char *snn_parse_header(const char *header, snn_npy *array) {
  const char *type = snn_header_value(header, "'descr'");
  const char *order = snn_header_value(header, "'fortran_order'");
  const char *shape = snn_header_value(header, "'shape'");
  if (type == NULL || order == NULL || shape == NULL) {
    return "the header lacks descr, fortran_order or shape";
  }
  if (strncmp(type, "'<f4'", 5) != 0) return "the array is not float32, little-endian ('<f4')";
  if (strncmp(order, "False", 5) != 0) return "the array is not in C order";
  return snn_parse_shape(shape, array);
}

/* Reads the magic, version and header, up to the data. */
static const char *snn_read_header(FILE *file, snn_npy *array) {
  unsigned char start[12];
  size_t length;
  const char *error;
  char *header;
  if (fread(start, 1, 10, file) != 10) return "the file ends within its header";
  if (memcmp(start, "\x93NUMPY", 6) != 0) return "not a .npy file";
  if (start[6] != 1 && start[6] != 2) return "a .npy version other than 1 and 2";
  length = snn_little16(start + 8);
  if (start[6] == 2) {
    if (fread(start + 10, 1, 2, file) != 2) return "the file ends within its header";
    length |= snn_little16(start + 10) << 16;
  }
  if (length > SNN_HEADER_LIMIT) return "the header is too long";
  header = calloc(length + 1, 1);
  if (header == NULL) return "out of memory";
  error = fread(header, 1, length, file) == length ? snn_parse_header(header, array)
                                                   : "the file ends within its header";
  free(header);
  return error;
}

/* Whether this machine stores floats in little-endian order. */
static int snn_is_little(void) {
  const uint16_t one = 1;
  unsigned char first;
  memcpy(&first, &one, 1);
  return first == 1;
}

/* Turns each float's bytes around where the machine is big-endian. */
static void snn_swap_floats(unsigned char *bytes, size_t count) {
  if (snn_is_little()) return;
  for (; count > 0; count--, bytes += 4) {
    const unsigned char first = bytes[0], second = bytes[1];
    bytes[0] = bytes[3];
    bytes[1] = bytes[2];
    bytes[2] = second;
    bytes[3] = first;
  }
}

/* How many bytes are left to read, if the file can tell. */
static int snn_bytes_left(FILE *file, size_t *left) {
  const long here = ftell(file);
  long end;
  if (here < 0 || fseek(file, 0, SEEK_END) != 0) return 0;
  end = ftell(file);
  if (end < here || fseek(file, here, SEEK_SET) != 0) return 0;
  *left = (size_t)(end - here);
  return 1;
}

static const char *snn_read_array(FILE *file, snn_npy *array) {
  size_t left = 0;
  const char *error = snn_read_header(file, array);
  if (error != NULL) return error;
  /* Before anything is allocated, so that a header cannot ask for more than the file holds. */
  if (!snn_bytes_left(file, &left)) return "cannot tell the file's size";
  if (left < array->count * sizeof(float)) return "the file ends before its data";
  if (left > array->count * sizeof(float)) return "the file goes on behind its data";
  array->data = malloc(array->count * sizeof(float));
  if (array->data == NULL) return "out of memory";
  if (fread(array->data, sizeof(float), array->count, file) != array->count) {
    return "cannot read the data";
  }
  snn_swap_floats((unsigned char *)array->data, array->count);
  return NULL;
}

const char *snn_npy_read(const char *path, snn_npy *array) {
  const char *error;
  FILE *file = fopen(path, "rb");
  memset(array, 0, sizeof *array);
  if (file == NULL) return "cannot open the file";
  error = snn_read_array(file, array);
  fclose(file);
  if (error != NULL) snn_npy_free(array);
  return error;
}

void snn_npy_free(snn_npy *array) {
  free(array->data);
  memset(array, 0, sizeof *array);
}

/* ---- writing ---- */

/* A version 1 header: 10 bytes, then text padded with spaces to a multiple of 64 in all. */
enum { SNN_HEADER_BYTES = 1024 };

/* Makes the header of an array and returns its length; 0 if it cannot be. */
static size_t snn_make_header(const char *type, const size_t *shape, int32_t rank,
                              unsigned char header[SNN_HEADER_BYTES]) {
  char text[SNN_HEADER_BYTES];
  size_t length, used;
  if (rank < 0 || rank > SNN_NPY_RANK) return 0;
  used = (size_t)sprintf(text, "{'descr': '%s', 'fortran_order': False, 'shape': (", type);
  for (int32_t i = 0; i < rank; i++) {
    used += (size_t)sprintf(text + used, rank == 1 ? "%lu," : i == 0 ? "%lu" : ", %lu",
                            (unsigned long)shape[i]);
  }
  used += (size_t)sprintf(text + used, "), }");
  length = (10 + used + 1 + 63) / 64 * 64;
  memset(header, ' ', length);
  memcpy(header, "\x93NUMPY\x01\x00", 8);
  header[8] = (unsigned char)((length - 10) & 255);
  header[9] = (unsigned char)((length - 10) >> 8);
  memcpy(header + 10, text, used);
  header[length - 1] = '\n';
  return length;
}

/* The number of elements, or 0 if there is none or their bytes cannot be counted. */
static size_t snn_count(const size_t *shape, int32_t rank, size_t size) {
  size_t count = 1;
  for (int32_t i = 0; i < rank; i++) {
    if (shape[i] == 0 || count > (size_t)-1 / size / shape[i]) return 0;
    count *= shape[i];
  }
  return count;
}

static int snn_write_floats(FILE *file, const float *data, size_t count) {
  unsigned char bytes[4096];
  while (count > 0) {
    const size_t part = count < sizeof bytes / 4 ? count : sizeof bytes / 4;
    memcpy(bytes, data, part * 4);
    snn_swap_floats(bytes, part);
    if (fwrite(bytes, 4, part, file) != part) return 0;
    data += part;
    count -= part;
  }
  return 1;
}

const char *snn_npy_write(const char *path, const float *data, const size_t *shape, int32_t rank) {
  unsigned char header[SNN_HEADER_BYTES];
  const size_t length = snn_make_header("<f4", shape, rank, header);
  const size_t count = length == 0 ? 0 : snn_count(shape, rank, sizeof(float));
  FILE *file;
  int written;
  if (count == 0) return "an array of this shape cannot be written";
  file = fopen(path, "wb");
  if (file == NULL) return "cannot create the file";
  written = fwrite(header, 1, length, file) == length && snn_write_floats(file, data, count);
  if (fclose(file) != 0 || !written) return "cannot write the file";
  return NULL;
}

/* ---- zip ---- */

struct snn_npz {
  FILE *file;
  uint32_t offset;          /* bytes written */
  unsigned char *directory; /* the central directory, to be written last */
  size_t used, room;
  uint32_t members;
  const char *error;
};

/* Goes on with the CRC-32 of zip (polynomial 0xedb88320, reflected), starting from 0. */
static uint32_t snn_crc32(uint32_t crc, const unsigned char *bytes, size_t count) {
  uint32_t table[16];
  for (uint32_t i = 0; i < 16; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 4; bit++) {
      value = (value & 1) != 0 ? value >> 1 ^ UINT32_C(0xedb88320) : value >> 1;
    }
    table[i] = value;
  }
  crc = ~crc;
  for (; count > 0; count--, bytes++) {
    crc ^= *bytes;
    crc = crc >> 4 ^ table[crc & 15];
    crc = crc >> 4 ^ table[crc & 15];
  }
  return ~crc;
}

static void snn_put16(unsigned char *bytes, uint32_t value) {
  bytes[0] = (unsigned char)(value & 255);
  bytes[1] = (unsigned char)(value >> 8 & 255);
}

static void snn_put32(unsigned char *bytes, uint32_t value) {
  snn_put16(bytes, value & 0xffff);
  snn_put16(bytes + 2, value >> 16);
}

/* The 26 bytes that a local header and its directory entry share, from "version needed" on. The
 * date is the zip format's first, 1 January 1980, so that equal members give equal files. */
static void snn_put_common(unsigned char *bytes, uint32_t crc, uint32_t size, uint32_t name) {
  memset(bytes, 0, 26);
  snn_put16(bytes, 10);
  snn_put16(bytes + 8, 33);
  snn_put32(bytes + 10, crc);
  snn_put32(bytes + 14, size);
  snn_put32(bytes + 18, size);
  snn_put16(bytes + 22, name);
}

/* Room for `more` bytes behind the directory's used ones, or NULL. */
static unsigned char *snn_grow_directory(snn_npz *npz, size_t more) {
  if (npz->used + more > npz->room) {
    const size_t room = 2 * (npz->used + more);
    unsigned char *directory = realloc(npz->directory, room);
    if (directory == NULL) return NULL;
    npz->directory = directory;
    npz->room = room;
  }
  return npz->directory + npz->used;
}

static int snn_npz_put(snn_npz *npz, const void *bytes, size_t count) {
  npz->offset += (uint32_t)count;
  return fwrite(bytes, 1, count, npz->file) == count;
}

const char *snn_npz_open(const char *path, snn_npz **npz) {
  *npz = calloc(1, sizeof **npz);
  if (*npz == NULL) return "out of memory";
  (*npz)->file = fopen(path, "wb");
  if ((*npz)->file == NULL) {
    free(*npz);
    *npz = NULL;
    return "cannot create the file";
  }
  return NULL;
}

/* Adds a member of a header and data that are known to fit. */
static const char *snn_npz_append(snn_npz *npz, const char *name, const unsigned char *header,
                                  size_t length, const uint8_t *data, size_t count) {
  const size_t name_length = strlen(name);
  const uint32_t size = (uint32_t)(length + count), offset = npz->offset;
  const uint32_t crc = snn_crc32(snn_crc32(0, header, length), data, count);
  unsigned char local[30] = {'P', 'K', 3, 4};
  unsigned char *entry = snn_grow_directory(npz, 46 + name_length + 4);
  if (entry == NULL) return "out of memory";
  snn_put_common(local + 4, crc, size, (uint32_t)name_length + 4);
  memset(entry, 0, 46);
  memcpy(entry, "PK\x01\x02", 4);
  /* Made by version 6.3 on Unix, a regular file, as libzip writes it: so that every program of
   * snnc writes the same bytes. */
  snn_put16(entry + 4, 3 << 8 | 63);
  snn_put32(entry + 38, UINT32_C(0100666) << 16);
  memcpy(entry + 6, local + 4, 26);
  snn_put32(entry + 42, offset);
  memcpy(entry + 46, name, name_length);
  memcpy(entry + 46 + name_length, ".npy", 4);
  npz->used += 46 + name_length + 4;
  npz->members++;
  if (!snn_npz_put(npz, local, sizeof local) || !snn_npz_put(npz, name, name_length) ||
      !snn_npz_put(npz, ".npy", 4) || !snn_npz_put(npz, header, length) ||
      !snn_npz_put(npz, data, count)) {
    return "cannot write the file";
  }
  return NULL;
}

const char *snn_npz_add(snn_npz *npz, const char *name, const uint8_t *data, const size_t *shape,
                        int32_t rank) {
  unsigned char header[SNN_HEADER_BYTES];
  const size_t length = snn_make_header("|u1", shape, rank, header);
  const size_t count = length == 0 ? 0 : snn_count(shape, rank, 1);
  const size_t name_length = strlen(name);
  /* What the member takes in the file and, at most, in the directory and its end. */
  const uint64_t space = (uint64_t)count + length + 2 * (uint64_t)name_length + 128;
  if (npz->error != NULL) return npz->error;
  if (count == 0 || name_length > 60000) {
    npz->error = "a member of this name or shape cannot be written";
  } else if (npz->members == 65534 || count > UINT32_MAX ||
             npz->offset + npz->used + space > UINT32_MAX) {
    npz->error = "the archive exceeds 4 GB or 65,534 members";
  } else {
    npz->error = snn_npz_append(npz, name, header, length, data, count);
  }
  return npz->error;
}

const char *snn_npz_close(snn_npz *npz) {
  const char *error = npz->error;
  unsigned char end[22] = {'P', 'K', 5, 6};
  if (error == NULL) {
    snn_put16(end + 8, npz->members);
    snn_put16(end + 10, npz->members);
    snn_put32(end + 12, (uint32_t)npz->used);
    snn_put32(end + 16, npz->offset);
    if (!snn_npz_put(npz, npz->directory, npz->used) || !snn_npz_put(npz, end, sizeof end)) {
      error = "cannot write the file";
    }
  }
  if (fclose(npz->file) != 0 && error == NULL) error = "cannot write the file";
  free(npz->directory);
  free(npz);
  return error;
}
