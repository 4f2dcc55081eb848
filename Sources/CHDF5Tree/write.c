#include <stdlib.h>
#include <string.h>

#include "confined.h"
#include "library.h"

/* A record of the input. */
typedef struct {
  uint32_t kind;
  uint32_t uniform;
  uint32_t rank;
  uint64_t payload;
  hsize_t extents[H5S_MAX_RANK];
  char path[4096];
  const uint8_t *elements;
} record;

/* The most elements of a chunk: numbers are compressed in pieces of at most 1 MiB. */
enum { CHUNK = 1 << 17 };

static void fail(snnc_shared *shared) { snnc_end_with_library(shared, "it cannot be written"); }

/* Copies `count` bytes, which the input must have. */
static void take(const snnc_task *task, size_t *offset, void *to, size_t count) {
  if (count > task->count - *offset) abort();
  memcpy(to, task->bytes + *offset, count);
  *offset += count;
}

/* Reads the record at `offset`; our own records are well-formed, or the process ends. */
static record next_record(const snnc_task *task, size_t *offset) {
  record found = {0};
  uint32_t head[4];
  take(task, offset, head, sizeof head);
  take(task, offset, &found.payload, sizeof found.payload);
  found.kind = head[0];
  found.uniform = head[1];
  found.rank = head[2];
  if (found.rank > H5S_MAX_RANK || head[3] >= sizeof found.path) abort();
  for (uint32_t axis = 0; axis < found.rank; axis++) {
    uint64_t extent = 0;
    take(task, offset, &extent, sizeof extent);
    found.extents[axis] = extent;
  }
  take(task, offset, found.path, head[3]);
  *offset += (8 - head[3] % 8) % 8;
  if (found.payload > task->count - *offset) abort();
  found.elements = task->bytes + *offset;
  *offset += (size_t)(found.payload + 7) / 8 * 8;
  return found;
}

static size_t element_count(const record *data) {
  size_t count = 1;
  for (uint32_t axis = 0; axis < data->rank; axis++) count *= (size_t)data->extents[axis];
  return count;
}

/* The extents of a chunk: whole last axes, as many as fit. */
static void chunk_of(const record *data, hsize_t *chunk) {
  hsize_t room = CHUNK;
  for (uint32_t axis = data->rank; axis-- > 0;) {
    chunk[axis] = data->extents[axis] < room ? data->extents[axis] : room;
    if (chunk[axis] == 0) chunk[axis] = 1;
    room = room / chunk[axis];
    if (room == 0) room = 1;
  }
}

/* How a dataset is made: without times, so that the same tree is the same file. */
static hid_t properties_of(const record *data, snnc_shared *shared) {
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  if (properties < 0 || H5Pset_obj_track_times(properties, 0) < 0) fail(shared);
  const int is_number = data->kind != SNNC_HDF5_TEXT;
  if (is_number && data->rank > 0) {
    hsize_t chunk[H5S_MAX_RANK];
    chunk_of(data, chunk);
    if (H5Pset_chunk(properties, (int)data->rank, chunk) < 0 || H5Pset_deflate(properties, 4) < 0) {
      fail(shared);
    }
  }
  return properties;
}

/* Creates a dataset of `type` and writes `elements`, which lie as `memory` says. */
static void write_dataset(hid_t file, const record *data, hid_t type, hid_t memory,
                          const void *elements, snnc_shared *shared) {
  const hid_t space = data->rank == 0 ? H5Screate(H5S_SCALAR)
                                      : H5Screate_simple((int)data->rank, data->extents, NULL);
  const hid_t properties = properties_of(data, shared);
  const hid_t dataset =
      H5Dcreate2(file, data->path, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  if (dataset < 0 || H5Dwrite(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, elements) < 0) {
    fail(shared);
  }
  H5Dclose(dataset);
  H5Pclose(properties);
  H5Sclose(space);
}

static void write_numbers(hid_t file, const record *data, snnc_shared *shared) {
  const size_t size = data->kind == SNNC_HDF5_FLOAT32 ? 4 : 8;
  const size_t count = element_count(data);
  if (data->payload != (data->uniform ? 1 : count) * size) abort();
  const void *elements = data->elements;
  uint8_t *repeated = NULL;
  if (data->uniform) {
    repeated = malloc(count * size);
    if (!repeated) snnc_end(shared, SNNC_HDF5_SYSTEM, "there is no memory to write it");
    for (size_t index = 0; index < count; index++) {
      memcpy(repeated + index * size, data->elements, size);
    }
    elements = repeated;
  }
  const hid_t type = data->kind == SNNC_HDF5_FLOAT32   ? H5T_IEEE_F32LE
                     : data->kind == SNNC_HDF5_FLOAT64 ? H5T_IEEE_F64LE
                                                       : H5T_STD_I64LE;
  const hid_t memory = data->kind == SNNC_HDF5_FLOAT32   ? H5T_NATIVE_FLOAT
                       : data->kind == SNNC_HDF5_FLOAT64 ? H5T_NATIVE_DOUBLE
                                                         : H5T_NATIVE_INT64;
  write_dataset(file, data, type, memory, elements, shared);
  free(repeated);
}

/* Writes texts as h5py does: UTF-8 of variable length. */
static void write_texts(hid_t file, const record *data, snnc_shared *shared) {
  const size_t count = element_count(data);
  char **texts = calloc(count ? count : 1, sizeof *texts);
  size_t offset = 0;
  for (size_t index = 0; texts && index < count; index++) {
    uint32_t length = 0;
    if (sizeof length > data->payload - offset) abort();
    memcpy(&length, data->elements + offset, sizeof length);
    offset += sizeof length;
    if (length > data->payload - offset) abort();
    texts[index] = calloc((size_t)length + 1, 1);
    if (!texts[index]) snnc_end(shared, SNNC_HDF5_SYSTEM, "there is no memory to write it");
    memcpy(texts[index], data->elements + offset, length);
    offset += length;
  }
  if (!texts) snnc_end(shared, SNNC_HDF5_SYSTEM, "there is no memory to write it");
  const hid_t type = H5Tcopy(H5T_C_S1);
  if (H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) fail(shared);
  write_dataset(file, data, type, type, texts, shared);
  for (size_t index = 0; index < count; index++) free(texts[index]);
  free(texts);
  H5Tclose(type);
}

static void write_group(hid_t file, const record *data, snnc_shared *shared) {
  const hid_t properties = H5Pcreate(H5P_GROUP_CREATE);
  if (properties < 0 || H5Pset_obj_track_times(properties, 0) < 0) fail(shared);
  const hid_t group = H5Gcreate2(file, data->path, H5P_DEFAULT, properties, H5P_DEFAULT);
  if (group < 0) fail(shared);
  H5Gclose(group);
  H5Pclose(properties);
}

static void write_file(const snnc_task *task, snnc_shared *shared) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (H5Pset_fapl_core(access, 1 << 20, 0) < 0) fail(shared);
  const hid_t file = H5Fcreate("memory", H5F_ACC_TRUNC, H5P_DEFAULT, access);
  if (file < 0) fail(shared);
  for (size_t offset = 0; offset < task->count;) {
    const record data = next_record(task, &offset);
    switch (data.kind) {
      case SNNC_HDF5_GROUP: write_group(file, &data, shared); break;
      case SNNC_HDF5_TEXT: write_texts(file, &data, shared); break;
      default: write_numbers(file, &data, shared); break;
    }
  }
  if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0) fail(shared);
  const ssize_t size = H5Fget_file_image(file, NULL, 0);
  if (size < 0) fail(shared);
  if ((size_t)size > shared->room) {
    snnc_end(shared, SNNC_HDF5_LIMIT, "the file takes more than %zu bytes", shared->room);
  }
  if (H5Fget_file_image(file, shared->bytes, (size_t)size) != size) fail(shared);
  shared->count = (size_t)size;
}

int snnc_hdf5_write(const uint8_t *bytes, size_t count, const snnc_hdf5_limits *limits,
                    snnc_hdf5_result *result) {
  const snnc_task task = {bytes, count, limits};
  return snnc_confined(&task, write_file, result);
}
