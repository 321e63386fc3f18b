import type { Protocol } from '@sluice/protocol'
import { byteQueue } from '@sluice/protocol'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { same, show } from '../internal/same.ts'
import type { Law, LawResult } from '../law.ts'
import { broken, firstBroken, held } from '../law.ts'

export const WHOLE_OR_NOTHING: Law = { title: 'writes a whole message or nothing', rule: 'R8' }

/**
 * R8: a message that cannot be sent is an error of this end, and leaves no trace on the wire; one that can be is
 * the same bytes whatever was written before it.
 *
 * ```
 *  writer 'x'   encode(good) Right   'x' + the frame       encode(bad) Left   'x'
 * ```
 */
export const wholeOrNothing = <In, Out>(
  protocol: Protocol<In, Out>,
  given: { readonly messages: ReadonlyArray<Out>; readonly before: Uint8Array },
): LawResult =>
  firstBroken(given.messages, (message) => {
    const alone = byteQueue()
    const result = protocol.encode(message, alone)
    const frame = alone.take()
    const wrong = (detail: string) => broken(WHOLE_OR_NOTHING, `${show(message)}: ${detail}`, frame, [])
    if (isLeft(result) && result.left.fault !== 'local') return wrong('an encode error is the fault of this end')
    if (isLeft(result) && frame.length > 0) return wrong(`refused (${result.left.message}), and yet written in part`)
    const behind = byteQueue()
    behind.bytes(given.before)
    const again = protocol.encode(message, behind)
    if (isRight(again) !== isRight(result)) return wrong('whether it is refused depends on what was written before')
    return same(behind.take(), Uint8Array.from([...given.before, ...frame]))
      ? held
      : wrong('what is written depends on, or changes, what was written before')
  })
