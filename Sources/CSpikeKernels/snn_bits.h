/*
 * Words of spikes: counting, finding and spreading their bits.
 */
#ifndef SNN_BITS_H
#define SNN_BITS_H

#include <stdint.h>
#include <string.h>

/* Whether the compiler makes instructions of counting bits, and not calls as without RISC-V's Zbb. */
#if defined(__GNUC__) && !defined(SNN_PORTABLE) && (!defined(__riscv) || defined(__riscv_zbb))
#define SNN_COUNTS_BITS 1
#endif

/* The lowest `count` bits set; 0 <= count <= 64. */
static inline uint64_t snn_low_bits(int32_t count) {
  return count >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1;
}

/* The index of the lowest bit set; bits != 0. */
static inline int32_t snn_lowest_bit(uint64_t bits) {
#if defined(SNN_COUNTS_BITS)
  return __builtin_ctzll(bits);
#else
  /* A de Bruijn sequence: shifted by each index, its upper six bits differ. */
  static const int8_t indices[64] = {
      0,  1,  2,  53, 3,  7,  54, 27, 4,  38, 41, 8,  34, 55, 48, 28, 62, 5,  39, 46, 44, 42,
      22, 9,  24, 35, 59, 56, 49, 18, 29, 11, 63, 52, 6,  26, 37, 40, 33, 47, 61, 45, 43, 21,
      23, 58, 17, 10, 51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12};
  return indices[((bits & (~bits + 1)) * UINT64_C(0x022fdd63cc95386d)) >> 58];
#endif
}

/* How many bits are set. */
static inline int32_t snn_count_bits(uint64_t bits) {
#if defined(SNN_COUNTS_BITS)
  return __builtin_popcountll(bits);
#else
  /* Sums of 2, 4 and 8 bits side by side, and the eight bytes' sum in the highest of a product. */
  bits -= bits >> 1 & UINT64_C(0x5555555555555555);
  bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
  bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
  return (int32_t)(bits * UINT64_C(0x0101010101010101) >> 56);
#endif
}

/* `count` <= 64 bits from bit `first` on, which may lie across two words. */
static inline uint64_t snn_bits_at(const uint64_t *words, int32_t first, int32_t count) {
  const int32_t word = first / 64, shift = first % 64;
  uint64_t bits = words[word] >> shift;
  if (shift + count > 64) bits |= words[word + 1] << (64 - shift);
  return bits & snn_low_bits(count);
}

/* One byte, 0 or 1, for each bit. */
static inline void snn_spread_bits(uint64_t bits, uint8_t *ones) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  /* Eight at a time: byte k of the product keeps bit k alone, which then moves to its place. */
  for (int32_t i = 0; i < 64; i += 8) {
    uint64_t bytes = (bits >> i & 0xff) * UINT64_C(0x0101010101010101);
    bytes = (bytes & UINT64_C(0x8040201008040201)) + UINT64_C(0x7f7f7f7f7f7f7f7f);
    bytes = bytes >> 7 & UINT64_C(0x0101010101010101);
    memcpy(ones + i, &bytes, sizeof bytes);
  }
#else
  for (int32_t i = 0; i < 64; i++) ones[i] = (uint8_t)(bits >> i & 1);
#endif
}

#endif
