/* XXH64, as the xxHash specification, version 0.1.1, has it, for what has no bytes beyond whole
 * stripes. */
#include "snn_checksum.h"

#include <string.h>

static const uint64_t prime1 = UINT64_C(0x9E3779B185EBCA87);
static const uint64_t prime2 = UINT64_C(0xC2B2AE3D27D4EB4F);
static const uint64_t prime3 = UINT64_C(0x165667B19E3779F9);
static const uint64_t prime4 = UINT64_C(0x85EBCA77C2B2AE63);

static uint64_t rotate(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

static uint64_t taking(uint64_t sum, uint64_t word) {
  return rotate(sum + word * prime2, 31) * prime1;
}

uint64_t snn_checksum(const void *memory, size_t bytes) {
  static const int shifts[4] = {1, 7, 12, 18};
  const unsigned char *next = (const unsigned char *)memory;
  uint64_t sums[4] = {prime1 + prime2, prime2, 0, 0 - prime1};
  uint64_t hash = 0;
  for (size_t stripes = bytes / 32; stripes > 0; stripes--, next += 32) {
    uint64_t words[4];
    memcpy(words, next, sizeof words);
    for (int i = 0; i < 4; i++) sums[i] = taking(sums[i], words[i]);
  }
  for (int i = 0; i < 4; i++) hash += rotate(sums[i], shifts[i]);
  for (int i = 0; i < 4; i++) hash = (hash ^ taking(0, sums[i])) * prime1 + prime4;
  hash += (uint64_t)bytes;
  hash = (hash ^ hash >> 33) * prime2;
  hash = (hash ^ hash >> 29) * prime3;
  return hash ^ hash >> 32;
}
