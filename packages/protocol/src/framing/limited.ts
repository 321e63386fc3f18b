import { WrongOption } from '../errors.ts'
import { LimitedDecoder } from '../internal/limitedDecoder.ts'
import { expression, wholeOption } from '../internal/options.ts'
import type { Protocol } from '../protocol.ts'

/** Options of {@link limited}: one of the limits at least. */
export type LimitedOptions = PerDispatch & PerSecond

interface PerDispatch {
  /**
   * How many frames one chunk may complete. Default: any. A read is up to 64 KiB and joins what was sent apart, so a
   * limit below what fits one read breaks honest senders that are merely quick; and it is the one limit of all that
   * depends on how the stream was cut.
   */
  readonly framesPerDispatch?: number
}

type PerSecond =
  | { readonly framesPerSecond?: never; readonly now?: never }
  | {
      /** How many frames may come in a second on the average, and at once after a pause. Default: any. */
      readonly framesPerSecond: number
      /** Milliseconds that only go forward, since any moment: `() => performance.now()`, or that of a scheduler. */
      readonly now: () => number
    }

/**
 * A bound on how many frames come, against floods of tiny ones: those pass every limit in bytes, and cost far more than
 * their bytes.
 *
 * ```
 *  framesPerSecond: 2      a LF b LF             c LF (at once)      c LF (0.5 s later)
 *  emits                   'a' 'b'               Malformed           'c'
 * ```
 *
 * At the limit the stream is broken: `Malformed`, before the frame that is too many. A decoder cannot wait: it has no
 * clock to wake it, and one that stops although `emit` answered true would be asked again by nobody. Whoever wants
 * frames at a pace, and not an end to them, lets `emit` answer false (in `net`: holds the gate).
 *
 * The tokens of a second are a bucket: `framesPerSecond` of them at first and at most, and as many come back per second
 * evenly. What is sent is not limited.
 *
 * Errors are those of the protocol, and that one. Throws `WrongOption` for limits that are no positive whole numbers, and
 * where there is none.
 *
 * ```ts
 * import { limited, lines } from '@sluice/protocol'
 *
 * const result = limited(lines(), { framesPerDispatch: 2 })
 *   .decoder()
 *   .push(Buffer.from('a\nb\nc\n'), () => true)
 * if (result._tag === 'Left') {
 *   const { what, at } = result.left._tag === 'Malformed' ? result.left : { what: '', at: 0 }
 *   console.log(what, at) // more than 2 frames in one dispatch 4
 * }
 * ```
 */
export const limited = <In, Out>(protocol: Protocol<In, Out>, options: LimitedOptions): Protocol<In, Out> => {
  const name = `limited(${protocol.name}, ${expression('', options).slice(1, -1)})`
  const { framesPerDispatch, framesPerSecond, now } = options
  if (framesPerDispatch === undefined && framesPerSecond === undefined) {
    throw new WrongOption(name, 'framesPerDispatch', framesPerDispatch, 'a limit: this one, or framesPerSecond')
  }
  if (framesPerSecond !== undefined && typeof now !== 'function') {
    throw new WrongOption(name, 'now', now, 'a clock, for framesPerSecond')
  }
  const any = Number.MAX_SAFE_INTEGER
  const limits = {
    framesPerDispatch: wholeOption(name, 'framesPerDispatch', framesPerDispatch, any, { least: 1 }),
    framesPerSecond: wholeOption(name, 'framesPerSecond', framesPerSecond, any, { least: 1 }),
    now: now ?? (() => 0),
  }
  return { name, decoder: () => new LimitedDecoder(protocol.decoder(), limits), encode: protocol.encode }
}
