/* libhdf5, which is loaded when it is first needed.
 *
 * Debian's loads libcurl, OpenSSL, Kerberos and LDAP, for storage in networks. What reads no NIR
 * file, and every simulator, shall neither need nor start these. So the functions are looked up by
 * the names that the header declares, and called as `h5.H5Fopen(...)`. */
#ifndef SNNC_LIBRARY_H
#define SNNC_LIBRARY_H

/* The header's warnings are not ours. */
#pragma GCC system_header
#if __has_include(<hdf5/serial/hdf5.h>)
#include <hdf5/serial/hdf5.h>
#else
#include <hdf5.h>
#endif

/* Its constants open the library wherever they stand; here that is done once, and they are read. */
#undef H5CHECK
#define H5CHECK
#undef H5OPEN
#define H5OPEN

/* The functions that are called. A name of the header can stand for one of another version, so that
 * it is replaced before it becomes a text. */
#define SNNC_HDF5_FUNCTIONS(F)                                                                    \
  F(H5Dclose) F(H5Dcreate2) F(H5Dget_create_plist) F(H5Dget_space) F(H5Dget_storage_size)         \
  F(H5Dget_type) F(H5Dread) F(H5Dwrite) F(H5Eset_auto2) F(H5Ewalk2) F(H5Fcreate) F(H5Fflush)      \
  F(H5Fget_file_image) F(H5Fopen) F(H5Gclose) F(H5Gcreate2) F(H5Gopen2) F(H5Iget_type)            \
  F(H5Literate) F(H5Oclose) F(H5Oopen) F(H5PLset_loading_state) F(H5Pclose) F(H5Pcreate)          \
  F(H5Pget_external_count) F(H5Pget_filter2) F(H5Pget_layout) F(H5Pget_nfilters) F(H5Pset_chunk)  \
  F(H5Pset_deflate) F(H5Pset_fapl_core) F(H5Pset_file_image) F(H5Pset_obj_track_times)            \
  F(H5Sclose) F(H5Screate) F(H5Screate_simple) F(H5Sget_simple_extent_dims)                       \
  F(H5Sget_simple_extent_ndims) F(H5Sget_simple_extent_type) F(H5Tclose) F(H5Tcopy)               \
  F(H5Tget_class) F(H5Tget_cset) F(H5Tget_size) F(H5Tis_variable_str) F(H5Tset_cset)              \
  F(H5Tset_size) F(H5get_libversion) F(H5open)

/* The variables that its constants stand for, which it sets when it is opened. */
#define SNNC_HDF5_VARIABLES(V)                                                                    \
  V(H5P_CLS_DATASET_CREATE_ID_g) V(H5P_CLS_FILE_ACCESS_ID_g) V(H5P_CLS_GROUP_CREATE_ID_g)         \
  V(H5T_C_S1_g) V(H5T_IEEE_F32LE_g) V(H5T_IEEE_F64LE_g) V(H5T_NATIVE_DOUBLE_g)                    \
  V(H5T_NATIVE_FLOAT_g) V(H5T_NATIVE_INT64_g) V(H5T_STD_I64LE_g)

/* What was found, by the header's own names. */
typedef struct {
#define SNNC_FUNCTION(name) __typeof__(&name) name;
#define SNNC_VARIABLE(name) hid_t *name;
  SNNC_HDF5_FUNCTIONS(SNNC_FUNCTION)
  SNNC_HDF5_VARIABLES(SNNC_VARIABLE)
#undef SNNC_FUNCTION
#undef SNNC_VARIABLE
} snnc_library;

extern snnc_library h5;

/* Loads libhdf5 of the header's version, once. Returns whether it is there. */
int snnc_library_load(void);

#endif
