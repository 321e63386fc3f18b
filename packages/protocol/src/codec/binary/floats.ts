import { binaryCodec } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import type { Input } from '../internal/input.ts'
import type { Output } from '../internal/output.ts'
import { fixedPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

type Get = (input: Input, at: number) => number
type Put = (view: DataView, at: number, value: number) => void

const float = (name: string, bytes: 4 | 8, readAt: Get, put: Put): Binary<number> => {
  const writeAt = (output: Output, at: number, value: unknown): void => {
    if (typeof value !== 'number') output.fail(at, 'a number', brief(value))
    else if (bytes === 4 && Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
      output.fail(at, 'a number that four bytes hold', brief(value))
    } else put(output.view, at, value)
  }
  return binaryCodec<number>(fixedPart({ layout: { _tag: 'Float', name, bytes }, size: bytes, readAt, writeAt }))
}

/**
 * Four bytes, IEEE 754, the most significant first. A number is rounded to the nearest that four bytes hold, which is
 * what is read; one too large for them is refused.
 */
export const f32 = float('f32', 4, (i, at) => i.view.getFloat32(at), (v, at, n) => v.setFloat32(at, n)) // prettier-ignore
/** As {@link f32}, the least significant byte first. */
export const f32le = float('f32le', 4, (i, at) => i.view.getFloat32(at, true), (v, at, n) => v.setFloat32(at, n, true)) // prettier-ignore
/** Eight bytes, IEEE 754, the most significant first: any `number`. Which `NaN` it was is lost. */
export const f64 = float('f64', 8, (i, at) => i.view.getFloat64(at), (v, at, n) => v.setFloat64(at, n)) // prettier-ignore
/** As {@link f64}, the least significant byte first. */
export const f64le = float('f64le', 8, (i, at) => i.view.getFloat64(at, true), (v, at, n) => v.setFloat64(at, n, true)) // prettier-ignore
