#include <stdlib.h>
#include <string.h>

#include "confined.h"
#include "library.h"

/* How far the reading has come. */
typedef struct {
  const snnc_hdf5_limits *limits;
  snnc_shared *shared;
  char path[4096];
  size_t path_count;
  size_t depth;
  size_t objects;
} reader;

/* What a dataset looks like before its elements are read. */
typedef struct {
  uint32_t kind;
  uint32_t rank;
  hsize_t extents[H5S_MAX_RANK];
  size_t elements;
  size_t size; /* bytes of an element in the file */
} layout;

/* The deepest compression of deflate: a byte of a file gives 1032 at most. */
enum { MOST_INFLATED = 1032 };

static size_t filled(size_t count) { return (count + 7) / 8 * 8; }

/* Room for `count` bytes of records. */
static uint8_t *take(reader *from, size_t count) {
  snnc_shared *shared = from->shared;
  if (count > shared->room - shared->count) {
    snnc_end(shared, SNNC_HDF5_LIMIT, "its tree takes more than %zu bytes", shared->room);
  }
  uint8_t *place = shared->bytes + shared->count;
  shared->count += count;
  return place;
}

/* Writes a record but for its elements, and returns where these go. */
static uint8_t *begin(reader *from, const layout *data, int uniform, size_t payload) {
  const uint32_t head[4] = {data->kind, (uint32_t)uniform, data->rank, (uint32_t)from->path_count};
  const uint64_t count = payload;
  uint8_t *place = take(from, sizeof head + sizeof count);
  memcpy(place, head, sizeof head);
  memcpy(place + sizeof head, &count, sizeof count);
  for (uint32_t axis = 0; axis < data->rank; axis++) {
    const uint64_t extent = data->extents[axis];
    memcpy(take(from, sizeof extent), &extent, sizeof extent);
  }
  memcpy(take(from, filled(from->path_count)), from->path, from->path_count);
  return take(from, filled(payload));
}

/* Memory for `count` bytes. */
static void *allocate(reader *from, size_t count) {
  void *memory = calloc(count ? count : 1, 1);
  if (!memory) snnc_end(from->shared, SNNC_HDF5_LIMIT, "'%s' takes too much memory", from->path);
  return memory;
}

/* Writes elements of `size` bytes; once, where they are all the same. */
static void put(reader *from, layout *data, const uint8_t *elements, size_t size) {
  int uniform = data->elements > 1;
  for (size_t index = 1; uniform && index < data->elements; index++) {
    uniform = memcmp(elements, elements + index * size, size) == 0;
  }
  const size_t payload = (uniform ? 1 : data->elements) * size;
  memcpy(begin(from, data, uniform, payload), elements, payload);
}

/* Writes `elements` texts, the next of which `next` finds with its length. */
static void put_texts(reader *from, layout *data,
                      const char *(*next)(const void *, size_t, size_t *), const void *context) {
  size_t payload = 0;
  for (size_t index = 0; index < data->elements; index++) {
    size_t length = 0;
    next(context, index, &length);
    if (length > from->limits->room) {
      snnc_end(from->shared, SNNC_HDF5_LIMIT, "a text of '%s' is too long", from->path);
    }
    payload += sizeof(uint32_t) + length;
  }
  uint8_t *place = begin(from, data, 0, payload);
  for (size_t index = 0; index < data->elements; index++) {
    size_t length = 0;
    const char *text = next(context, index, &length);
    const uint32_t count = (uint32_t)length;
    memcpy(place, &count, sizeof count);
    memcpy(place + sizeof count, text, length);
    place += sizeof count + length;
  }
}

static const char *next_variable(const void *context, size_t index, size_t *length) {
  const char *text = ((char *const *)context)[index];
  *length = text ? strlen(text) : 0;
  return text ? text : "";
}

/* Texts of one size, which zeros fill up. */
typedef struct {
  const char *bytes;
  size_t size;
} fixed_texts;

static const char *next_fixed(const void *context, size_t index, size_t *length) {
  const fixed_texts *texts = context;
  const char *text = texts->bytes + index * texts->size;
  const char *end = memchr(text, 0, texts->size);
  *length = end ? (size_t)(end - text) : texts->size;
  return text;
}

/* Reads texts. */
static void read_texts(reader *from, hid_t dataset, hid_t type, layout *data) {
  if (data->elements > from->limits->texts) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "'%s' has more than %zu texts", from->path,
             from->limits->texts);
  }
  if (H5Tis_variable_str(type) > 0) {
    char **texts = allocate(from, data->elements * sizeof *texts);
    const hid_t memory = H5Tcopy(H5T_C_S1);
    H5Tset_size(memory, H5T_VARIABLE);
    H5Tset_cset(memory, H5Tget_cset(type));
    if (H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0) {
      snnc_end_with_library(from->shared, "its texts cannot be read");
    }
    put_texts(from, data, next_variable, texts);
    free(texts);
    H5Tclose(memory);
  } else {
    const fixed_texts texts = {allocate(from, data->elements * data->size), data->size};
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, (void *)texts.bytes) < 0) {
      snnc_end_with_library(from->shared, "its texts cannot be read");
    }
    put_texts(from, data, next_fixed, &texts);
    free((void *)texts.bytes);
  }
}

/* Reads numbers. */
static void read_numbers(reader *from, hid_t dataset, layout *data) {
  const hid_t memory = data->kind == SNNC_HDF5_FLOAT32   ? H5T_NATIVE_FLOAT
                       : data->kind == SNNC_HDF5_FLOAT64 ? H5T_NATIVE_DOUBLE
                                                         : H5T_NATIVE_INT64;
  const size_t size = data->kind == SNNC_HDF5_FLOAT32 ? 4 : 8;
  if (data->elements > from->limits->dataset / size) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "'%s' takes more than %zu bytes", from->path,
             from->limits->dataset);
  }
  uint8_t *elements = allocate(from, data->elements * size);
  if (H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, elements) < 0) {
    snnc_end_with_library(from->shared, "its numbers cannot be read");
  }
  put(from, data, elements, size);
  free(elements);
}

/* Refuses storage outside of the file, and filters that are not read; says whether the elements are
 * compressed. */
static int check_storage(reader *from, hid_t dataset) {
  const hid_t properties = H5Dget_create_plist(dataset);
  if (properties < 0) snnc_end_with_library(from->shared, "a dataset's storage cannot be read");
  const H5D_layout_t kind = H5Pget_layout(properties);
  if (kind == H5D_VIRTUAL || H5Pget_external_count(properties) != 0) {
    snnc_end(from->shared, SNNC_HDF5_REFUSED, "the elements of '%s' must lie in the file itself",
             from->path);
  }
  int deflated = 0;
  const int filters = H5Pget_nfilters(properties);
  for (unsigned index = 0; (int)index < filters; index++) {
    size_t values = 0;
    unsigned flags = 0;
    const H5Z_filter_t filter =
        H5Pget_filter2(properties, index, &flags, &values, NULL, 0, NULL, NULL);
    if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) {
      snnc_end(from->shared, SNNC_HDF5_REFUSED,
               "the filters deflate (1) and shuffle (2) are read, and '%.150s' has filter %d",
               from->path, (int)filter);
    }
    deflated = deflated || filter == H5Z_FILTER_DEFLATE;
  }
  H5Pclose(properties);
  return deflated;
}

/* Checks the extents of a dataset, and that what is stored can be its elements. */
static void measure(reader *from, hid_t dataset, hid_t space, int deflated, layout *data) {
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0) snnc_end_with_library(from->shared, "a dataset's extents cannot be read");
  if ((size_t)rank > from->limits->rank) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "'%s' has more than %zu extents", from->path,
             from->limits->rank);
  }
  data->rank = (uint32_t)rank;
  data->elements = 1;
  H5Sget_simple_extent_dims(space, data->extents, NULL);
  for (int axis = 0; axis < rank; axis++) {
    if (data->extents[axis] > from->limits->dataset ||
        (data->extents[axis] != 0 &&
         data->elements > from->limits->dataset / (size_t)data->extents[axis])) {
      snnc_end(from->shared, SNNC_HDF5_LIMIT, "'%s' takes more than %zu bytes", from->path,
               from->limits->dataset);
    }
    data->elements *= (size_t)data->extents[axis];
  }
  const hsize_t stored = H5Dget_storage_size(dataset);
  if (data->size == 0 || data->elements > from->limits->dataset / data->size) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "'%s' takes more than %zu bytes", from->path,
             from->limits->dataset);
  }
  /* Division keeps a size that is a lie from overflowing. */
  const size_t needed = data->elements * data->size / (deflated ? MOST_INFLATED : 1);
  if (needed > stored) {
    snnc_end(from->shared, SNNC_HDF5_DAMAGED, "'%s' must have its %zu bytes, and has %llu stored",
             from->path, data->elements * data->size, (unsigned long long)stored);
  }
}

/* What a type is in a record. */
static uint32_t kind_of(hid_t type, size_t size) {
  switch (H5Tget_class(type)) {
    case H5T_FLOAT:
      return size <= 4 ? SNNC_HDF5_FLOAT32 : size <= 8 ? SNNC_HDF5_FLOAT64 : SNNC_HDF5_OTHER;
    case H5T_INTEGER: return size <= 8 ? SNNC_HDF5_INT64 : SNNC_HDF5_OTHER;
    case H5T_STRING: return SNNC_HDF5_TEXT;
    default: return SNNC_HDF5_OTHER;
  }
}

static void read_dataset(reader *from, hid_t dataset) {
  const int deflated = check_storage(from, dataset);
  const hid_t type = H5Dget_type(dataset);
  const hid_t space = H5Dget_space(dataset);
  if (type < 0 || space < 0) snnc_end_with_library(from->shared, "a dataset cannot be read");
  layout data = {.size = H5Tget_size(type)};
  data.kind = kind_of(type, data.size);
  if (data.kind == SNNC_HDF5_OTHER || H5Sget_simple_extent_type(space) == H5S_NULL) {
    begin(from, &(layout){.kind = SNNC_HDF5_OTHER}, 0, 0);
  } else {
    measure(from, dataset, space, deflated, &data);
    if (data.kind == SNNC_HDF5_TEXT) {
      read_texts(from, dataset, type, &data);
    } else {
      read_numbers(from, dataset, &data);
    }
  }
  H5Sclose(space);
  H5Tclose(type);
}

static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *context);

static void read_group(reader *from, hid_t group) {
  if (from->depth >= from->limits->depth) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "groups lie in groups more than %zu deep",
             from->limits->depth);
  }
  from->depth++;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, visit, from) < 0) {
    snnc_end_with_library(from->shared, "a group cannot be read");
  }
  from->depth--;
}

/* Reads what a link leads to. */
static herr_t visit(hid_t group, const char *name, const H5L_info_t *link, void *context) {
  reader *from = context;
  const size_t before = from->path_count;
  const size_t count = strlen(name);
  if (count > from->limits->name || before + count + 2 > sizeof from->path) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "a name has more than %zu bytes", from->limits->name);
  }
  if (before > 0) from->path[from->path_count++] = '/';
  memcpy(from->path + from->path_count, name, count + 1);
  from->path_count += count;
  if (link->type != H5L_TYPE_HARD) {
    snnc_end(from->shared, SNNC_HDF5_REFUSED,
             "links must be hard links, and '%.180s' is a soft or an external one", from->path);
  }
  if (++from->objects > from->limits->objects) {
    snnc_end(from->shared, SNNC_HDF5_LIMIT, "it has more than %zu objects", from->limits->objects);
  }
  const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
  if (object < 0) snnc_end_with_library(from->shared, "an object cannot be read");
  const H5I_type_t type = H5Iget_type(object);
  if (type == H5I_GROUP) {
    begin(from, &(layout){.kind = SNNC_HDF5_GROUP}, 0, 0);
    read_group(from, object);
  } else if (type == H5I_DATASET) {
    read_dataset(from, object);
  } else {
    begin(from, &(layout){.kind = SNNC_HDF5_OTHER}, 0, 0);
  }
  H5Oclose(object);
  from->path_count = before;
  from->path[before] = 0;
  return 0;
}

static void read_file(const snnc_task *task, snnc_shared *shared) {
  const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  /* The file lies in memory, and nothing is written back. */
  if (H5Pset_fapl_core(access, 1 << 16, 0) < 0 ||
      H5Pset_file_image(access, (void *)task->bytes, task->count) < 0) {
    snnc_end(shared, SNNC_HDF5_SYSTEM, "there is no memory to read it");
  }
  const hid_t file = H5Fopen("memory", H5F_ACC_RDONLY, access);
  if (file < 0) snnc_end_with_library(shared, "it cannot be opened");
  const hid_t root = H5Gopen2(file, "/", H5P_DEFAULT);
  if (root < 0) snnc_end_with_library(shared, "it has no root");
  reader from = {.limits = task->limits, .shared = shared};
  read_group(&from, root);
}

int snnc_hdf5_read(const uint8_t *bytes, size_t count, const snnc_hdf5_limits *limits,
                   snnc_hdf5_result *result) {
  const snnc_task task = {bytes, count, limits};
  return snnc_confined(&task, read_file, result);
}
