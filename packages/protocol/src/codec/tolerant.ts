import type { Either } from 'fp-ts/lib/Either.js'
import { WrongOption } from '../errors.ts'
import type { Protocol } from '../protocol.ts'
import { tolerantLayer } from './internal/layerOn.ts'
import type { Invalid } from './invalid.ts'

/**
 * A protocol with codecs, whose frames that are no message are values: what is read is `Right`, a frame that any of its
 * codecs refuses a `Left`, and the stream goes on behind it. What `attempted` is to one codec, for all that `through` has
 * put on a framing.
 *
 * ```
 *  frames    '1'        'x'              '"a"'            '2'
 *  emits     Right 1    Left Invalid     Left Invalid     Right 2      tolerant(pipe(lines(), through(json()), …))
 * ```
 *
 * Errors of the framing stay what they are: behind them nobody knows where the next frame begins. So do those of
 * sending. `speak` and `serve` use it where their option `invalid` says so.
 *
 * Throws `WrongOption` for what was not made by `through`, or is `jsonLines()`: of others it is not known which errors
 * concern one frame alone. Put `copied` and the like around the framing, inside of `through`.
 *
 * ```ts
 * import { json, lines, through, tolerant, typed } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 * import * as t from 'io-ts'
 *
 * const numbers = tolerant(pipe(lines(), through(json()), through(typed(t.number))))
 * numbers.decoder().push(Buffer.from('1\nx\n"a"\n2\n'), (one) => {
 *   console.log(one._tag === 'Right' ? one.right : `refused at ${String(one.left.offset)}`) // 1
 *   // refused at 2
 *   // refused at 4
 *   // 2
 *   return true
 * })
 * ```
 */
export const tolerant = <In, Out>(protocol: Protocol<In, Out>): Protocol<Either<Invalid, In>, Out> => {
  const layer = tolerantLayer(protocol)
  if (layer !== null) return layer
  throw new WrongOption('tolerant()', 'protocol', protocol.name, 'one whose frames go through a codec')
}
