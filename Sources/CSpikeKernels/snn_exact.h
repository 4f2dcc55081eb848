/*
 * Holds the compiler to the arithmetic of snn_kernels.h, whatever its flags.
 * Included first by every file of kernels.
 */
#ifndef SNN_EXACT_H
#define SNN_EXACT_H

#include <float.h>

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__)
#error "the kernels are exact to the bit: compile them without -ffast-math and its parts"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__
#error "the kernels are exact to the bit: compile them without -ffinite-math-only"
#endif
#if !defined(FLT_EVAL_METHOD) || FLT_EVAL_METHOD != 0
#error "the kernels need float arithmetic in binary32: on 32-bit x86 add -msse2 -mfpmath=sse"
#endif
#if FLT_RADIX != 2 || FLT_MANT_DIG != 24 || FLT_MAX_EXP != 128
#error "the kernels need float to be IEEE 754 binary32"
#endif

/* No multiplication may fuse with the addition behind it. gcc, fusing by default in its GNU modes,
 * ignores the standard's pragma and obeys its own; clang obeys the standard's. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#pragma clang fp reassociate(off) /* -funsafe-math-optimizations has no macro */
#if __clang_major__ >= 18
#pragma clang fp reciprocal(off)
#endif
#elif !defined(__GNUC__)
#pragma STDC FP_CONTRACT OFF
#else
#pragma GCC optimize("fp-contract=off")
#endif

/* clang -ffp-contract=fast overrides the pragma. SNN_ROUNDED(x) makes it forget how x, a product,
 * came about; it costs no instruction. */
#if defined(__clang__) && (defined(__x86_64__) || defined(__i386__))
#define SNN_ROUNDED(x) __asm__("" : "+v"(x))
#elif defined(__clang__) && defined(__aarch64__)
#define SNN_ROUNDED(x) __asm__("" : "+w"(x))
#elif defined(__clang__) && defined(__arm__) && defined(__ARM_FP)
#define SNN_ROUNDED(x) __asm__("" : "+t"(x))
#elif defined(__clang__) && defined(__riscv) && defined(__riscv_flen)
#define SNN_ROUNDED(x) __asm__("" : "+f"(x))
#else
#define SNN_ROUNDED(x) ((void)(x))
#endif

#endif
