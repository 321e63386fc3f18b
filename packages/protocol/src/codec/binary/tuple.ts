import { WrongOption } from '../../errors.ts'
import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { brief } from '../internal/brief.ts'
import type { Part } from '../internal/part.ts'
import { dynamicPart } from '../internal/part.ts'
import type { AnyBinary, Binary, ReadBy, WrittenBy } from './binary.ts'

/** What a {@link tuple} reads: its items, without those that have no value. */
export type TupleOutput<T extends ReadonlyArray<AnyBinary>> = T extends readonly [
  infer H,
  ...infer R extends ReadonlyArray<AnyBinary>,
]
  ? readonly [...(ReadBy<H> extends void ? [] : [ReadBy<H>]), ...TupleOutput<R>]
  : readonly []

/** What a tuple writes. */
export type TupleInput<T extends ReadonlyArray<AnyBinary>> = T extends readonly [
  infer H,
  ...infer R extends ReadonlyArray<AnyBinary>,
]
  ? readonly [...(ReadBy<H> extends void ? [] : [WrittenBy<H>]), ...TupleInput<R>]
  : readonly []

/**
 * Values one behind the other, as an array of that length. Constants and padding are on the wire and not in the array.
 *
 * ```
 *  tuple(u8, u16)        01 00 02   ⇄   [1, 2]
 * ```
 *
 * Throws `WrongOption` where something stands behind what takes the rest of the frame.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { tuple, u16, u8 } = binary
 * console.log(tuple(u8, u16).decode(Uint8Array.of(1, 0, 2))) // { _tag: 'Right', right: [ 1, 2 ] }
 * ```
 */
export const tuple = <const T extends ReadonlyArray<AnyBinary>>(...items: T): Binary<TupleOutput<T>, TupleInput<T>> => {
  const parts = items.map((item, i) => partOf('tuple()', String(i), item))
  const open = parts.findIndex((part) => part.open)
  if (open !== -1 && open < parts.length - 1) {
    throw new WrongOption('tuple()', String(open), items[open]?.name, 'nothing behind what takes the rest')
  }
  const places = placesOf(parts)
  const values = parts.filter(({ silent }) => !silent).length
  return binaryCodec<TupleOutput<T>, TupleInput<T>>(
    dynamicPart({
      layout: {
        _tag: 'Tuple',
        items: parts.map(({ layout, silent }, i) => ({ name: String(places[i]), layout, silent })),
      },
      minBytes: parts.reduce((sum, part) => sum + part.minBytes, 0),
      maxBytes: parts.reduce((sum, part) => sum + part.maxBytes, 0),
      open: open !== -1,
      needs: parts.flatMap(({ needs }) => needs),
      read: (input) => {
        const all: unknown[] = []
        for (const part of parts) {
          const value = part.read(input)
          if (input.failure !== null) {
            input.within(all.length)
            break
          }
          if (!part.silent) all.push(value)
        }
        return all
      },
      write: (output, value) => {
        if (!Array.isArray(value) || value.length !== values) {
          return output.fail(output.at, `an array of ${String(values)}`, brief(value))
        }
        for (let i = 0; i < parts.length && output.failure === null; i++) {
          const part = parts[i] as Part
          part.write(output, part.silent ? undefined : value[places[i] ?? 0])
          output.within(places[i] ?? 0)
        }
        return undefined
      },
    }),
  )
}

/** Where in the array the value of each part stands, or would stand. */
const placesOf = (parts: ReadonlyArray<Part>): ReadonlyArray<number> => {
  let next = 0
  return parts.map(({ silent }) => (silent ? next : next++))
}
