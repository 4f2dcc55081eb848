/* Trees of HDF5 files through libhdf5, which works in a process of its own.
 *
 * libhdf5 was not made for files from strangers: a damaged one can end the program that reads it. So
 * each call here forks a process that may do nothing but compute (no file, no network, no other
 * program, a limit on its time), and what it found comes back through memory that both share, as
 * records that the caller checks like any input. Where that process ends before its work is done,
 * the file is damaged, and the caller goes on.
 *
 * Records lie one after another, each from a multiple of 8 bytes, in the machine's byte order:
 *
 *     uint32_t kind, uniform, rank, path;   what it is; 1 where all elements are the one that is
 *                                           given; the number of extents; the bytes of the path
 *     uint64_t payload;                     the bytes of the elements
 *     uint64_t extents[rank];
 *     the path, "node/nodes/lif/tau", filled up to 8 bytes with zeros
 *     the elements, filled up likewise; a text is its length, uint32_t, and its bytes
 */
#ifndef SNNC_HDF5_H
#define SNNC_HDF5_H

#include <stddef.h>
#include <stdint.h>

/* What a record is of. */
enum {
  SNNC_HDF5_GROUP = 1,
  SNNC_HDF5_FLOAT32 = 2,
  SNNC_HDF5_FLOAT64 = 3,
  SNNC_HDF5_INT64 = 4,
  SNNC_HDF5_TEXT = 5,
  SNNC_HDF5_OTHER = 6 /* a dataset of another type, or without elements */
};

/* How a call ended. */
enum {
  SNNC_HDF5_DONE = 0,
  SNNC_HDF5_DAMAGED = 1, /* libhdf5 gave up on the file, or ended */
  SNNC_HDF5_LIMIT = 2,   /* something is larger than a limit */
  SNNC_HDF5_REFUSED = 3, /* links, filters and storage that are not read */
  SNNC_HDF5_SYSTEM = 4   /* no memory or no process to work in */
};

enum { SNNC_HDF5_MESSAGE = 256 /* bytes of the longest message, with the zero at its end */ };

/* The most that a file may ask for. */
typedef struct {
  size_t room;     /* bytes of all records, or of the file that is written */
  size_t objects;  /* groups and datasets */
  size_t depth;    /* groups within groups */
  size_t rank;     /* extents of a dataset */
  size_t name;     /* bytes of a link's name */
  size_t texts;    /* texts of a dataset */
  size_t dataset;  /* bytes of a dataset once it is read */
  unsigned seconds; /* of processor time */
} snnc_hdf5_limits;

/* What a call gives; `bytes` is valid until it is released. */
typedef struct {
  const uint8_t *bytes;
  size_t count;
  char message[SNNC_HDF5_MESSAGE];
  void *memory;
  size_t memory_count;
} snnc_hdf5_result;

/* Reads the tree of the HDF5 file of `count` bytes as records. Returns how it ended. */
int snnc_hdf5_read(const uint8_t *bytes, size_t count, const snnc_hdf5_limits *limits,
                   snnc_hdf5_result *result);

/* Writes a file of the records of `count` bytes, which must be well-formed and in order, a group
 * before what is in it. The same records give the same file. Returns how it ended. */
int snnc_hdf5_write(const uint8_t *bytes, size_t count, const snnc_hdf5_limits *limits,
                    snnc_hdf5_result *result);

/* Gives the memory of a result back, whatever the call gave. */
void snnc_hdf5_release(snnc_hdf5_result *result);

#endif
