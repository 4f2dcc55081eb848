#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

snnc_library h5;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int is_loaded;

/* Names under which systems have the library: Debian's first, the newest of each last. */
static const char *const names[] = {
    "libhdf5_serial.so.103", "libhdf5.so.103", "libhdf5_serial.so.200", "libhdf5.so.200",
    "libhdf5_serial.so.310", "libhdf5.so.310", "libhdf5_serial.so",     "libhdf5.so",
};

/* Looks up everything in a library; returns whether all of it is there. */
static int find(void *library) {
  int found = 1;
#define SNNC_TEXT(name) #name
#define SNNC_FIND(name) found = found && (*(void **)&h5.name = dlsym(library, SNNC_TEXT(name)));
  SNNC_HDF5_FUNCTIONS(SNNC_FIND)
  SNNC_HDF5_VARIABLES(SNNC_FIND)
#undef SNNC_FIND
#undef SNNC_TEXT
  return found;
}

static void load(void) {
  for (size_t index = 0; index < sizeof names / sizeof *names && !is_loaded; index++) {
    void *library = dlopen(names[index], RTLD_LAZY | RTLD_LOCAL);
    if (!library) continue;
    unsigned major = 0, minor = 0, release = 0;
    is_loaded = find(library) && h5.H5get_libversion(&major, &minor, &release) >= 0 &&
                major == H5_VERS_MAJOR && minor == H5_VERS_MINOR;
    if (!is_loaded) dlclose(library);
  }
}

int snnc_library_load(void) {
  pthread_once(&once, load);
  return is_loaded;
}
