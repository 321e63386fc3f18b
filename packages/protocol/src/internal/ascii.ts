import { isAscii } from 'node:buffer'

/** A call into the runtime costs as much as a look at so many bytes. */
const A_CALL = 64

/** The bytes from `from` to `to` as a plain view: `subarray` of a `Buffer` takes three times as long. */
export const view = (chunk: Uint8Array, from: number, to: number): Uint8Array =>
  new Uint8Array(chunk.buffer, chunk.byteOffset + from, to - from)

export const isAsciiBetween = (chunk: Uint8Array, from: number, to: number): boolean => {
  if (to - from > A_CALL) return isAscii(view(chunk, from, to))
  let bits = 0
  for (let i = from; i < to; i++) bits |= chunk[i] ?? 0
  return bits < 128
}
