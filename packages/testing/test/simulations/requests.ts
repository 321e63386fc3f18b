import { isRight } from 'fp-ts/lib/Either.js'
import { answer, backoff, client, correlated, reconnect, serve } from '@sluice/net'
import { lines } from '@sluice/protocol'
import { map, timer } from 'rxjs'
import type { Scenario } from '@sluice/testing'
import { watched } from './watched.ts'

export const REQUEST_HOSTS = ['server', 'a', 'b', 'c']
const CLIENTS = REQUEST_HOSTS.slice(1)
const WINDOW = 8

const idOf = (line: string): number | undefined => Number(line.split(' ')[0])
const withId = (request: string, id: number): string => `${String(id)} ${request}`

/**
 * Clients that ask over a connection which comes back when it is lost, several requests at a time.
 *
 * - Every request is settled once, in its time.
 * - An answer is that of its own request.
 * - A request is worked on once at most; at least once, if it was answered.
 * - No more are in flight than the window takes.
 * - When the faults have stopped, requests are answered again.
 */
export const requests: Scenario = (simulation) => {
  const { host, fail, always, eventually, random, scheduler } = simulation
  const { connect, listen } = watched(simulation, { maxUnsentBytes: 64 * 1024 })
  const worked = new Map<string, number>()
  const answeredAt = new Map<string, number>()
  let asked = 0

  const work = answer(
    (line: string) => {
      const [id = '', request = ''] = line.split(' ')
      worked.set(request, (worked.get(request) ?? 0) + 1)
      if ((worked.get(request) ?? 0) > 1) fail(`${request} is worked on twice`)
      return timer(random() * 200).pipe(map(() => `${id} ${request.toUpperCase()}`))
    },
    { ordered: false },
  )

  host('server').run(() => listen('server', { port: 7000 }).pipe(serve(lines(), work)).subscribe())
  for (const name of CLIENTS) {
    host(name).run(() => {
      const up$ = connect(name, { host: 'server', port: 7000, silenceMs: 15_000 }).pipe(
        reconnect(backoff({ initialMs: 500, maxMs: 5_000 }), { afterFinished: true }),
      )
      const asking = client(up$, lines(), correlated({ idOf, withId }), { window: WINDOW, timeoutMs: 10_000 })
      let down = false
      const ask = async (): Promise<void> => {
        const request = `${name}${String(++asked)}`
        const began = scheduler.now()
        const settled = await asking.request(request)()
        if (scheduler.now() - began > 10_100 && !down) fail(`${request} was settled too late`)
        if (!isRight(settled)) return
        if (settled.right.split(' ')[1] !== request.toUpperCase()) fail(`${request} was answered ${settled.right}`)
        if (worked.get(request) !== 1) fail(`${request} was answered, and nobody has worked on it`)
        answeredAt.set(name, scheduler.now())
      }
      always(`no more of ${name} are in flight than the window takes`, () => asking.inFlight <= WINDOW)
      const asks = setInterval(() => void ask(), 300)
      return () => {
        down = true
        clearInterval(asks)
        void asking.close()
      }
    })
  }
  eventually('everybody is answered', () =>
    CLIENTS.every((name) => scheduler.now() - (answeredAt.get(name) ?? -Infinity) < 3_000),
  )
}
