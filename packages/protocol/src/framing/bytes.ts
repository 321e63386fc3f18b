import { NO_BYTES, notEncodable } from '../internal/refusal.ts'
import { DONE } from '../internal/stepDecoder.ts'
import type { Decoder, Protocol } from '../protocol.ts'

/**
 * Bytes as they come: no framing at all.
 *
 * ```
 *  push 'ab'   emits 'ab'
 *  push 'c'    emits 'c'         what was written as 'abc' arrives as 'ab', 'c', or any other way
 * ```
 *
 * **Its messages are the chunks of the network**, which cuts and joins what was written as it likes. So R15
 * holds for the bytes joined, not for the messages: `bytes` is for proxies, tunnels and what looks for no border. An
 * empty chunk is no message, and an empty message writes nothing.
 *
 * There is nothing to retain, so there is no limit: a message is as long as one read. No error while decoding. While
 * encoding, `local`: `NotEncodable` (what is no `Uint8Array`).
 *
 * ```ts
 * import { bytes } from '@sluice/protocol'
 *
 * const decoder = bytes().decoder()
 * decoder.push(Buffer.from('ab'), (chunk) => {
 *   console.log(chunk.length) // 2
 *   return true
 * })
 * ```
 */
export const bytes = (): Protocol<Uint8Array> => BYTES

const NOTHING = new Uint8Array(0)

/** Nothing ever stays in it, so that one serves all connections. */
const DECODER: Decoder<Uint8Array> = {
  buffered: 0,
  push: (chunk, emit) => {
    if (chunk.length > 0) emit(chunk)
    return DONE
  },
  end: () => DONE,
  unread: () => NOTHING,
}

const BYTES: Protocol<Uint8Array> = {
  name: 'bytes()',
  decoder: () => DECODER,
  encode: (message, out) => {
    if (!(message instanceof Uint8Array)) return notEncodable('bytes()', message, NO_BYTES)
    out.bytes(message)
    return DONE
  },
}
