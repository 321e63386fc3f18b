import type { Mode } from './mode.ts'

/** Options of {@link streaming}. */
export interface StreamingOptions<Res> {
  /** Whether this answer is the last one of its request. */
  readonly isLast: (answer: Res) => boolean
}

/**
 * A request has several answers, up to a last one: rows and an end of the rows, a subscription.
 *
 * ```
 *  sent       1:a  2:b
 *  answers    1:A  2:B  1:A  1:A end  2:B end
 *  request$   ─A────────A────A end|                each answer; complete behind the last
 *  request    ───────────────A end                 the last one
 * ```
 *
 * Around `pipelined` or `correlated`, which tell whose answer it is. The time of a request begins anew with each
 * answer, and does not run while this side does not read.
 *
 * ```ts
 * import { client, correlated, fromDuplex, streaming } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { PassThrough } from 'node:stream'
 * import { of } from 'rxjs'
 *
 * // `7 text`, and `7 .` for the end; one message asks for three, which the PassThrough gives back
 * const byId = correlated<string, string, string>({
 *   idOf: (line) => parseInt(line),
 *   withId: (text, id) => text.replaceAll('#', String(id)),
 * })
 * const mode = streaming(byId, { isLast: (line) => line.endsWith('.') })
 * const echo = client(of(fromDuplex(new PassThrough())), lines({ maxFrameBytes: 100 }), mode)
 * echo.request$('# .').subscribe({
 *   next: console.log, // 1 .
 *   complete: () => void echo.close(),
 * })
 * ```
 */
export const streaming = <Req, Res, Out>(
  mode: Mode<Req, Res, Out>,
  { isLast }: StreamingOptions<Res>,
): Mode<Req, Res, Out> => ({ name: `streaming(${mode.name})`, places: () => mode.places(isLast) })
