// A server of lines in a process of its own: shouts back, and says how each conversation ended.
// With `SIGTERM` it drains. Its options are the first argument, as JSON.
import { lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { ignoreElements, map, merge, mergeMap, of, tap, timer } from 'rxjs'
import type { ListenerEvent, ListenOptions } from '../../../src/index.ts'
import { listen, mapAsync, runServer, serve } from '../../../src/index.ts'

interface Wanted extends ListenOptions {
  /** How long an answer takes. */
  readonly answerMs?: number
  readonly drainMs?: number
}

const { answerMs = 0, drainMs = 15_000, ...options } = JSON.parse(process.argv[2] ?? '{}') as Wanted

const answer = (line: string): Observable<string> => timer(answerMs).pipe(map(() => line.toUpperCase()))

const tell = (event: ListenerEvent): void => {
  if (event._tag === 'Refused') console.log(`refused ${event.reason}`)
  else if (event._tag === 'AcceptFailed') console.log(`accept failed ${event.error.name}`)
  else if (event._tag === 'Suspended' || event._tag === 'Resumed') console.log(`${event._tag} ${event.reason}`)
  else if (event._tag === 'Listening') console.log(`port ${String(event.address.port)}`)
}

const listener$ = listen({ port: 0, host: '127.0.0.1', ...options }).pipe(
  mergeMap((listener) => merge(of(listener), listener.events$.pipe(tap(tell), ignoreElements()))),
)

const note = tap((line: string) => {
  console.log(`heard ${line}`)
})
const shout = answerMs === 0 ? map((line: string) => line.toUpperCase()) : mapAsync(8, answer)

void runServer(
  listener$,
  (listeners$) =>
    listeners$.pipe(
      serve<string, string>(lines(), (in$) => in$.pipe(note, shout)),
      tap(({ closed }) => {
        console.log(`closed ${closed.cause._tag}`)
      }),
    ),
  {
    drainMs,
    tell: ({ _tag }) => {
      console.log(_tag)
    },
  },
)()
