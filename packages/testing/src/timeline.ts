import type { Observable, SchedulerLike, Unsubscribable } from 'rxjs'
import { drawMoments, drawTimelines } from './internal/timeline/drawTimelines.ts'
import type { Moment } from './internal/timeline/match.ts'
import { match } from './internal/timeline/match.ts'
import { pattern } from './internal/timeline/pattern.ts'
import { showError, showMoment } from './internal/timeline/show.ts'
import { TimelineDiffers } from './timelineDiffers.ts'

/** Options of {@link timeline}. */
export interface TimelineOptions<A> {
  /** Where time comes from, for virtual time. Default: there is no time, only an order, as on real sockets. */
  readonly scheduler?: SchedulerLike
  /** How a value is written. Default: text as it is, a tagged value as `Tag` or `Tag(detail)`. */
  readonly show?: (value: A) => string
}

/** All that a stream has done since. */
export interface Timeline<A> extends Unsubscribable {
  /** It, as text. */
  readonly text: string
  readonly values: readonly A[]
  /** The stream has completed, or failed: also then it resolves. */
  readonly over: Promise<void>
  /**
   * Makes sure that it went like this. Words that are names of `values` stand for these. Throws `TimelineDiffers`, or
   * `WrongOption` for a text that cannot be read.
   */
  readonly expect: (expected: string, values?: Readonly<Record<string, A>>) => void
}

/**
 * Subscribes to a stream and writes down what it does, to be compared with a text: marbles with words.
 *
 * ```
 *  Connected Data+ {RemoteEnded LocalEnded} Closed(Finished) |        the events of a connection
 *  hello 30ms "two words" --- #(ConnectionLost)                       messages, in virtual time
 * ```
 *
 * | in the text | stands for |
 * |---|---|
 * | `Closed(Finished)` | exactly this |
 * | `Closed` | this, whatever stands in brackets |
 * | `"two words"` | text that is no single word, as JSON writes it |
 * | `Data*`, `Data+`, `Data?` | any number of them in a row, at least one, at most one |
 * | `{A B}` | these, in any order |
 * | `…` or `...` | anything |
 * | `\|`, `#`, `#(Error)` | completion; failure; failure with this error, by `_tag` or name |
 * | `-`, `30ms`, `2s` | time: a millisecond each, 30, 2,000 |
 *
 * Unlike in RxJS words take no time: what follows at once stands at the same moment. Every word is where the times
 * before it add up to, but those with `*`, `+`, `?` and `…`, which may be whenever they like. Without a scheduler there
 * is no time in either text. What stands in the brackets of a tagged value is its cause, clock, reason, error, action
 * or size; see the text of a timeline for how it looks.
 *
 * ```ts
 * import { speak } from '@sluice/net'
 * import { lines } from '@sluice/protocol'
 * import { loopback, timeline } from '@sluice/testing'
 * import { identity, of } from 'rxjs'
 *
 * const { client, server, close } = await loopback()
 * const echo = timeline(server.events$)
 * of(server).pipe(speak(lines(), identity)).subscribe()
 * client.write(Buffer.from('hello\n'))
 * client.close()
 * await echo.over
 * console.log(echo.text.replace(/ Drained/g, '')) // Connected Data(6) RemoteEnded LocalEnded Closed(Finished) |
 * echo.expect('Connected Data+ … RemoteEnded … LocalEnded Closed(Finished) |')
 * try {
 *   echo.expect('Connected Data+ … Closed(Reset) |')
 * } catch (error) {
 *   console.log(error instanceof Error && error.name) // TimelineDiffers
 * }
 * await close()
 * ```
 */
export const timeline = <A>(source$: Observable<A>, options: TimelineOptions<A> = {}): Timeline<A> => {
  const { scheduler, show = showMoment } = options
  const timed = scheduler !== undefined
  const began = scheduler?.now() ?? 0
  const moments: Moment[] = []
  const seen: A[] = []
  let finish: () => void = () => undefined
  const over = new Promise<void>((resolve) => (finish = resolve))
  const note = (text: string): void => {
    moments.push({ text, at: (scheduler?.now() ?? 0) - began })
  }
  const subscription = source$.subscribe({
    next: (value) => {
      seen.push(value)
      note(show(value))
    },
    error: (error: unknown) => {
      note(`#(${showError(error)})`)
      finish()
    },
    complete: () => {
      note('|')
      finish()
    },
  })
  const expect = (expected: string, values: Readonly<Record<string, A>> = {}): void => {
    const wordOf = (word: string): string => {
      const value = Object.hasOwn(values, word) ? values[word] : undefined
      return value === undefined ? word : show(value)
    }
    const tokens = pattern(expected, timed, wordOf)
    const result = match(tokens, moments, timed)
    if (result.matches) return
    const drawing = drawTimelines(tokens, moments, result, timed)
    throw new TimelineDiffers(expected, drawMoments(moments, timed), drawing)
  }
  return {
    get text() {
      return drawMoments(moments, timed)
    },
    values: seen,
    over,
    expect,
    unsubscribe: () => {
      subscription.unsubscribe()
    },
  }
}
