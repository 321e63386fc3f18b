import { binaryCodec, partOf } from '../internal/binaryCodec.ts'
import { mappedPart } from '../internal/mappedPart.ts'
import { brief } from '../internal/brief.ts'
import { total } from '../internal/total.ts'
import type { Binary } from './binary.ts'

/**
 * As `imap` of any codec, for one that is to stand in a struct: `to` makes of what is read what the value is, `from`
 * the reverse. What they throw is an error with that message.
 *
 * ```
 *  pipe(u16, imap((n) => n / 10, (n) => n * 10))        00 0f   ⇄   1.5
 * ```
 *
 * ```ts
 * import { binary } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const tenths = pipe(binary.u16, binary.imap((n) => n / 10, (n) => n * 10)) // prettier-ignore
 * console.log(tenths.decode(Uint8Array.of(0, 15))) // { _tag: 'Right', right: 1.5 }
 * ```
 */
export const imap =
  <A, C>(to: (value: A) => C, from: (value: C) => A) =>
  (codec: Binary<A>): Binary<C> => {
    const part = partOf('imap()', 'codec', codec)
    // inside of parts the types of values are not known; here they are A and C
    const made = (value: unknown): unknown => to(value as A)
    const name = to.name === '' ? '…' : to.name
    return binaryCodec<C>(
      mappedPart(part, {
        layout: { _tag: 'Mapped', name, of: part.layout, to: made },
        read: (value, at, input) => {
          try {
            return made(value)
          } catch (cause) {
            return input.threw(at, cause, value)
          }
        },
        write: (value, at, output) => {
          try {
            return from(value as C)
          } catch (cause) {
            return output.threw(at, cause, value)
          }
        },
      }),
    )
  }

/**
 * As `refine` of any codec, for one that is to stand in a struct: other values are refused, both ways.
 *
 * ```
 *  pipe(u8, refine('an even number', (n) => n % 2 === 0))        02 ⇄ 2        03 ▶ Invalid
 * ```
 */
export const refine =
  <A>(expected: string, is: (value: A) => boolean) =>
  (codec: Binary<A>): Binary<A> => {
    const part = partOf('refine()', 'codec', codec)
    // inside of parts the types of values are not known; here it is A
    const accepts = total((value: unknown) => is(value as A))
    return binaryCodec<A>(
      mappedPart(part, {
        layout: { _tag: 'Refined', expected, of: part.layout, is: accepts },
        read: (value, at, input) => (accepts(value) ? value : input.fail(at, expected, brief(value))),
        write: (value, at, output) => (accepts(value) ? value : output.fail(at, expected, brief(value))),
      }),
    )
  }
