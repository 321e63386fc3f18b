/** The reversed polynomial of Castagnoli's (RFC 4960, appendix B). Node's own `zlib.crc32` has another. */
const POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1
  return remainder
})

/** CRC32c over those parts, one behind the other. */
export const crc32c = (...parts: readonly Uint8Array[]): number => {
  let crc = 0xffffffff
  for (const part of parts) {
    for (const byte of part) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

const BLANK = new Uint8Array(4)

/** The checksum of a header whose own place for it, four bytes at `at`, counts as zeros. */
export const headerChecksum = (header: Uint8Array, at: number): number =>
  crc32c(header.subarray(0, at), BLANK, header.subarray(at + 4))
