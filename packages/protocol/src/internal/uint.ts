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

/** Appends an unsigned integer up to 2^53 - 1 in 1 to 8 bytes, which is two more than a writer's own take. */
export const writeUint = (out: ByteWriter, value: number, width: number, little: boolean): void => {
  const high = Math.floor(value / WORD)
  for (let i = 0; i < width; i++) {
    const place = little ? i : width - 1 - i
    out.byte(place < 4 ? value >>> (8 * place) : high >>> (8 * (place - 4)))
  }
}
