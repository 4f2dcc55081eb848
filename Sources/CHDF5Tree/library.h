/* libhdf5's header, whose warnings are not ours. */
#pragma GCC system_header
#include <hdf5.h>
