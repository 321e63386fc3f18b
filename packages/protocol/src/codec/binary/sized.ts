import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { byteCount } from '../internal/brief.ts'
import type { CountOption } from '../internal/counting.ts'
import { countingOf } from '../internal/counting.ts'
import type { Scope } from '../internal/failure.ts'
import { Output } from '../internal/output.ts'
import type { Part } from '../internal/part.ts'
import { dynamicPart } from '../internal/part.ts'
import type { Binary } from './binary.ts'

/**
 * Something that takes exactly so many bytes: what is inside sees these as the whole frame, and has to use them up.
 *
 * ```
 *  sized(u8, struct({ id: u8, text: utf8(rest) }))        03 07 68 69   ⇄   { id: 7, text: 'hi' }
 * ```
 *
 * Throws `WrongOption` for a length that is none.
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 *
 * const { rest, sized, struct, u8, utf8 } = binary
 * const record = sized(u8, struct({ id: u8, text: utf8(rest) }))
 * console.log(record.decode(Uint8Array.of(3, 7, 0x68, 0x69))) // { _tag: 'Right', right: { id: 7, text: 'hi' } }
 * ```
 */
export const sized = <A, B>(length: CountOption, codec: Binary<A, B>): Binary<A, B> => {
  const counting = countingOf('sized()', 'length', length)
  const part = partOf('sized()', 'codec', codec)
  const always = counting.count._tag === 'Always' ? counting.most : null
  return binaryCodec<A, B>(
    dynamicPart({
      layout: { _tag: 'Sized', count: counting.count, of: part.layout, bytesOf: bytesOf(part) },
      minBytes: always ?? counting.minBytes + part.minBytes,
      maxBytes: always ?? counting.maxBytes + part.maxBytes,
      open: counting.count._tag === 'Rest',
      needs: [...counting.needs, ...part.needs],
      read: (input) => {
        const count = counting.read(input)
        if (count === undefined || !input.has(count)) return undefined
        const { end } = input
        const border = input.at + count
        input.end = border
        const value = part.read(input)
        if (input.failure === null && input.at < border) {
          input.fail(input.at, `the end of ${byteCount(count)}`, `${byteCount(border - input.at)} more`)
        }
        input.end = end
        return value
      },
      write: (output, value) => {
        const from = output.length
        part.write(output, value)
        const to = output.length
        if (output.failure !== null) return
        counting.write(output, to - from)
        output.bringForward(from, to)
      },
    }),
  )
}

const bytesOf =
  (part: Part) =>
  (value: unknown, around: ReadonlyArray<object>): Uint8Array | null => {
    const output = new Output()
    output.scope = around.reduceRight<Scope | null>(
      (outer, one) => ({ outer, names: new Set(Object.keys(one)), value: one }),
      null,
    )
    part.write(output, value)
    const bytes = output.take()
    return output.failure === null ? bytes : null
  }
