/*
 * Opens one instruction set: defines vec and ivec, SNN_LANES floats or integers wide, and
 * SNN_NAME, which gives each function of the bodies its own name. Set SNN_LANES and SNN_SUFFIX
 * first, and SNN_MASK(fired), the lanes of an ivec of 0 and -1 as bits, for 4 or 8 lanes.
 *
 * The vectors may lie anywhere in an array of floats. With one lane they are plain C.
 */
#undef SNN_NAME_OF
#undef SNN_NAME_WITH
#undef SNN_NAME
#undef vec
#undef ivec
#define SNN_NAME_OF(name, suffix) snn_##name##suffix
#define SNN_NAME_WITH(name, suffix) SNN_NAME_OF(name, suffix)
#define SNN_NAME(name) SNN_NAME_WITH(name, SNN_SUFFIX)
#define vec SNN_NAME(vec)
#define ivec SNN_NAME(ivec)

#if SNN_LANES == 1
typedef float vec;
typedef int32_t ivec;
#else
typedef float vec __attribute__((vector_size(4 * SNN_LANES), aligned(4), may_alias));
typedef int32_t ivec __attribute__((vector_size(4 * SNN_LANES), aligned(4), may_alias));
#endif
