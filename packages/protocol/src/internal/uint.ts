import type { ByteWriter } from '../byteWriter.ts'

const WORD = 2 ** 32

/** An unsigned integer of `width` bytes at `at`. From 2^53 on the nearest number there is: who cares compares. */
export const readUint = (bytes: Uint8Array, at: number, width: number, little: boolean): number => {
  let value = 0
  for (let i = 0; i < width; i++) {
    value = value * 256 + (bytes[little ? at + width - 1 - i : at + i] ?? 0)
  }
  return value
}

/** Appends an unsigned integer up to 2^53 - 1 in `width` bytes, 8 included. */
export const writeUint = (out: ByteWriter, value: number, width: number, little: boolean): void => {
  if (width > 6) {
    const high = Math.floor(value / WORD)
    const low = value % WORD
    writeUint(out, little ? low : high, little ? 4 : width - 4, little)
    writeUint(out, little ? high : low, little ? width - 4 : 4, little)
  } else if (little) out.uintLE(value, width)
  else out.uintBE(value, width)
}
