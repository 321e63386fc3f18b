import * as E from 'fp-ts/lib/Either.js'
import { notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import { reasonOf } from './internal/reason.ts'
import { Invalid } from './invalid.ts'
import { brief } from './internal/brief.ts'
import { piped } from './internal/sequence.ts'

/**
 * The same codec for other values: `to` makes them of what is read, `from` makes of them what is sent. One must undo the
 * other.
 *
 * ```
 *  wire ──▶ 'http://a/' ──to──▶ URL
 *  wire ◀── 'http://a/' ◀─from─ URL
 * ```
 *
 * What `to` throws is `Invalid`, what `from` throws `NotEncodable`, with the exception as the cause: so `new URL` and
 * `BigInt` can stand there as they are.
 *
 * ```ts
 * import { imap, lines, through, utf8 } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 *
 * const url = pipe(utf8, imap((text) => new URL(text), String)) // prettier-ignore
 * const read = url.decode(Buffer.from('tcp://host:7000'))
 * console.log(read._tag === 'Right' ? read.right.host : read.left.message) // host:7000
 * const refused = url.decode(Buffer.from('host'))
 * console.log(refused._tag === 'Left' ? refused.left.message : '') // the frame at offset 0 is no … Invalid URL
 * ```
 */
export const imap =
  <A, C>(to: (value: A) => C, from: (value: C) => A) =>
  <Wire>(codec: Codec<Wire, A>): Codec<Wire, C> => {
    const self: Codec<Wire, C> = {
      get name() {
        return piped(codec.name, `imap(${to.name === '' ? '…' : to.name})`)
      },
      decode: (wire, offset) => {
        const inner = codec.decode(wire, offset)
        if (E.isLeft(inner)) return inner
        try {
          return E.right(to(inner.right))
        } catch (cause) {
          const issue = { path: [], expected: self.name, got: brief(inner.right), message: reasonOf(cause) }
          return E.left(new Invalid({ codec: self.name, issues: [issue], frame: wire, cause }))
        }
      },
      encode: (value) => {
        let inner: A
        try {
          inner = from(value)
        } catch (cause) {
          return notEncodable(self.name, value, reasonOf(cause))
        }
        return codec.encode(inner)
      },
    }
    return self
  }
