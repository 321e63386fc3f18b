import type { Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import { isLeft } from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { hostileBytes, mutate, mutation } from './mutations.ts'

/**
 * Streams that mean to hurt: up to six messages as the protocol writes them, with up to four mutations; and bytes from the
 * borders of encodings. Some are valid.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { hostileStreams } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * fc.assert(
 *   fc.property(hostileStreams(lines(), fc.constant('hello')), (bytes) => {
 *     const result = lines().decoder().push(bytes, () => true)
 *     return result._tag === 'Right' || result.left.fault === 'remote'
 *   }),
 * )
 * ```
 */
export const hostileStreams = <Out>(
  protocol: Pick<Protocol<unknown, Out>, 'encode'>,
  message: fc.Arbitrary<Out>,
): fc.Arbitrary<Uint8Array> => {
  const mutated = fc
    .tuple(validStreams(protocol, message), fc.array(mutation(), { maxLength: 4 }))
    .map(([bytes, mutations]) => mutate(bytes, mutations))
  return fc.oneof(hostileBytes(), mutated)
}

/** Up to six messages as the protocol writes them; what it refuses is left out. */
export const validStreams = <Out>(
  protocol: Pick<Protocol<unknown, Out>, 'encode'>,
  message: fc.Arbitrary<Out>,
): fc.Arbitrary<Uint8Array> =>
  fc.array(message, { maxLength: 6 }).map((messages) => {
    const out = byteQueue()
    for (const one of messages) if (isLeft(protocol.encode(one, out))) break
    return out.take()
  })
