import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import {
  concatMap,
  defer,
  delay,
  finalize,
  map,
  merge,
  mergeMap,
  NEVER,
  of,
  scan,
  skipWhile,
  take,
  tap,
  throwError,
} from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Handler, Session } from '../src/index.ts'
import { mapAsync, serve } from '../src/index.ts'
import { dial, everything, listening, next, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'

nothingLeft()

const oh = (): never => {
  throw new Error('oh')
}

const SILENT: Observable<string> = NEVER

/** Every place where a handler can fail. */
const BROKEN: Readonly<Record<string, (in$: Observable<string>, connection: Connection) => Observable<string>>> = {
  'the handler itself': oh,
  'a handler that gives no Observable': () => undefined as unknown as Observable<string>,
  'the subscription of its output': () => defer(oh),
  'a stock operator': (in$) => in$.pipe(map(oh)),
  'tap': (in$) => in$.pipe(tap(oh)), // prettier-ignore
  'scan': (in$) => in$.pipe(scan(oh, '')), // prettier-ignore
  'a projection to an Observable': (in$) => in$.pipe(concatMap(oh)),
  'an inner Observable': (in$) => in$.pipe(mergeMap(() => throwError(oh))),
  'an inner promise': (in$) => in$.pipe(mergeMap(() => Promise.reject(new Error('oh')))),
  'mapAsync, in its function': (in$) => in$.pipe(mapAsync(2, oh)),
  'mapAsync, in its promise': (in$) => in$.pipe(mapAsync(2, () => Promise.reject(new Error('oh')))),
  'something beside the input': () => merge(NEVER, of('x').pipe(delay(1), map(oh))),
  'the events of the connection': (in$, connection) =>
    merge(in$, connection.events$.pipe(map(({ _tag }) => (_tag === 'Data' ? oh() : 'connected')))),
  'a message that is no text': (in$) => in$.pipe(map(() => undefined as unknown as string)),
}

/** A server whose handler is broken for whoever says `break`. */
const serving = async (broken: Handler<string, string>) => {
  const listener = await listening()
  const sessions: Session[] = []
  let failed = false
  of(listener)
    .pipe(
      serve(lines(), (in$, connection) => {
        if (connection.id === first.id) return broken(in$, connection)
        return in$.pipe(map((line) => line.toUpperCase()))
      }),
    )
    .subscribe({
      next: (session) => sessions.push(session),
      error: () => {
        failed = true
      },
    })
  const first = { id: 0 }
  return { listener, sessions, first, failed: () => failed }
}

describe('a failure of one handler', () => {
  for (const [place, broken] of Object.entries(BROKEN)) {
    it(`in ${place} ends that connection with HandlerFailed, and no other [R12]`, async () => {
      const { listener, sessions, first, failed } = await serving(broken)
      const neighbour = await peerOf(listener)
      neighbour.write('before\n')
      expect(await next(neighbour, 7)).toBe('BEFORE\n')
      listener.events$
        .pipe(
          skipWhile(({ _tag }) => _tag !== 'Accepted'),
          take(1),
        )
        .subscribe((event) => {
          if (event._tag === 'Accepted') first.id = event.connection.id
        })
      const victim = dial(listener)
      const broke = everything(victim)
      victim.write('break\n')
      await expect(broke).rejects.toThrow()
      await until('the session', () => sessions.length === 1)
      expect(sessions[0]?.closed.cause._tag).toBe('HandlerFailed')
      neighbour.write('between\n')
      expect(await next(neighbour, 8)).toBe('BETWEEN\n')
      const later = await peerOf(listener)
      later.end('after\n')
      expect(await everything(later)).toBe('AFTER\n')
      expect(failed()).toBe(false)
    })
  }

  it('stops what the handler was doing [R12][R14]', async () => {
    const listener = await listening()
    let stopped = 0
    const count = finalize<string>(() => stopped++)
    of(listener)
      .pipe(serve(lines(), (in$) => merge(SILENT.pipe(count), in$.pipe(map<string, string>(oh), count)).pipe(count)))
      .subscribe()
    const peer = await peerOf(listener)
    peer.write('x\n')
    await until('all three stopped', () => stopped === 3)
    await until('the connection gone', () => listener.live === 0)
  })
})
