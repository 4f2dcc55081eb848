/* Work in a process of its own that can do nothing but compute. */
#ifndef SNNC_CONFINED_H
#define SNNC_CONFINED_H

#include "snnc_hdf5.h"

/* What the work leaves in the memory that both processes share. */
typedef struct {
  int status; /* SNNC_HDF5_DAMAGED until the work has ended */
  char message[SNNC_HDF5_MESSAGE];
  size_t count;  /* bytes of the result */
  uint8_t *bytes; /* where it goes */
  size_t room;
} snnc_shared;

/* What is to be done on which bytes. */
typedef struct {
  const uint8_t *bytes;
  size_t count;
  const snnc_hdf5_limits *limits;
} snnc_task;

/* Runs `body` confined; returns how it ended, and fills `result`. */
int snnc_confined(const snnc_task *task, void (*body)(const snnc_task *, snnc_shared *),
                  snnc_hdf5_result *result);

/* Ends the work: `status` and a message as of printf. */
void snnc_end(snnc_shared *shared, int status, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

/* Ends the work with libhdf5's own words. */
void snnc_end_with_library(snnc_shared *shared, const char *what) __attribute__((noreturn));

#endif
