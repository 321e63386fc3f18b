import type { Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import fc from 'fast-check'
import { isRight, tryCatch } from 'fp-ts/lib/Either.js'
import { anyText } from '../internal/anyText.ts'
import { same } from '../internal/same.ts'
import { transcript } from '../transcript.ts'
import { patient } from './patient.ts'

/** What messages are made of, mostly. */
const KINDS: ReadonlyArray<fc.Arbitrary<unknown>> = [
  fc.oneof(fc.string({ maxLength: 12 }), anyText),
  fc.uint8Array({ maxLength: 12 }),
  fc.jsonValue({ maxDepth: 2 }),
]

/** Enough of a kind to see whether a protocol takes it. */
const PROBED = { numRuns: 64, seed: 1 }

/**
 * Messages of a protocol that was asked which it takes: text, bytes or JSON, such of them as it writes and reads back as they
 * were; where it reads something else than it sends, such as it writes.
 */
export const messagesOf = <A>(protocol: Protocol<unknown, A>): fc.Arbitrary<A> => {
  for (const takes of [readsBack, writes]) {
    const kinds = KINDS.filter((kind) => fc.sample(kind, PROBED).some((message) => takes(protocol, message)))
    if (kinds.length === 0) continue
    const messages = fc.oneof(...kinds).filter((message) => takes(protocol, message))
    // that they are of type A is what the encoder was asked
    return patient(messages as fc.Arbitrary<A>, () => true, protocol.name)
  }
  throw new Error(`${protocol.name}: takes no text, no bytes and no JSON; say which messages there are`)
}

const encoded = <A>(protocol: Protocol<unknown, A>, message: unknown): Uint8Array | null => {
  const out = byteQueue()
  // not what the type allows: that is what is tried here
  const result = tryCatch(
    () => protocol.encode(message as A, out),
    (thrown) => thrown,
  )
  return isRight(result) && isRight(result.right) ? out.take() : null
}

const writes = <A>(protocol: Protocol<unknown, A>, message: unknown): boolean => encoded(protocol, message) !== null

const readsBack = <A>(protocol: Protocol<unknown, A>, message: unknown): boolean => {
  const bytes = encoded(protocol, message)
  if (bytes === null) return false
  const { messages } = transcript(protocol.decoder(), [bytes], { end: false })
  return messages.length === 1 && same(messages[0], message)
}
