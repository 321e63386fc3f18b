import type { Protocol } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'

const WRITTEN: E.Either<never, void> = E.right(undefined)

/** Bytes as they are, for the writer: never decodes. */
export const rawBytes: Protocol<never, Uint8Array> = {
  name: 'bytes',
  decoder: () => ({ buffered: 0, push: () => WRITTEN, end: () => WRITTEN, unread: () => new Uint8Array(0) }),
  encode: (bytes, out) => {
    out.bytes(bytes)
    return WRITTEN
  },
}
