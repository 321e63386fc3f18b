import { proxyTo, serve, speak } from '@sluice/net'
import { lines } from '@sluice/protocol'
import {
  catchError,
  concat,
  defer,
  EMPTY,
  ignoreElements,
  interval,
  map,
  merge,
  mergeMap,
  of,
  take,
  tap,
  timer,
} from 'rxjs'
import type { Scenario } from '@sluice/testing'
import { watched } from './watched.ts'

export const PROXY_HOSTS = ['server', 'inner', 'outer', 'a', 'b']
const CLIENTS = ['a', 'b']
const LINES = 20

/**
 * Clients that send numbered lines through two proxies to a server which says each line back, and then a last one.
 *
 * - The server hears, on each connection, the lines of one client from the first on, none twice and none missing.
 * - The client hears the same of the server.
 * - Who hears the last line has heard them all.
 * - When the faults have stopped, whole conversations come through.
 */
export const proxyChain: Scenario = (simulation) => {
  const { host, fail, eventually, random, scheduler, note } = simulation
  const { connect, listen } = watched(simulation, { maxUnsentBytes: 32 * 1024 })
  const wholeAt = new Map<string, number>()
  let talks = 0

  /** Fails unless lines come one after the other. */
  const inOrder = (who: string) => {
    let next = 0
    let whose = ''
    return (line: string): void => {
      const [talk = '', number = ''] = line.split(' ')
      if (whose === '') whose = talk
      if (talk !== whose || Number(number) !== next++)
        fail(`${who} heard ${line.slice(0, 40)} as number ${String(next)} of ${whose}`)
    }
  }
  const echo = serve(lines(), (in$) => defer(() => in$.pipe(tap(inOrder('the server')))))
  host('server').run(() => listen('server', { port: 7000 }).pipe(echo).subscribe())
  const proxy = (name: string, next: string) => () =>
    listen(name, { port: 7000, silenceMs: 30_000 })
      .pipe(
        mergeMap(({ connections$ }) => connections$),
        proxyTo({ host: next, port: 7000, network: host(name).network, silenceMs: 30_000 }),
      )
      .subscribe()
  host('inner').run(proxy('inner', 'server'))
  host('outer').run(proxy('outer', 'inner'))

  const talk = (name: string) =>
    defer(() => {
      const id = `${name}${String(++talks)}`
      const check = inOrder(name)
      // now and then more than fits into a writer
      const padding = 'x'.repeat(random() * (random() < 0.05 ? 8_000 : 100))
      let heard = 0
      const hear = (line: string): void => {
        check(line)
        if (++heard === LINES) {
          note(`${id} is whole`)
          wholeAt.set(name, scheduler.now())
        }
      }
      const says$ = interval(random() * 50).pipe(take(LINES), map((n) => `${id} ${String(n)} ${padding}`)) // prettier-ignore
      return connect(name, { host: 'outer', port: 7000, silenceMs: 20_000 }).pipe(
        speak(lines(), (in$) => merge(concat(of<string>(), says$), in$.pipe(tap(hear), ignoreElements()))),
      )
    })
  for (const name of CLIENTS) {
    const talks$ = timer(0, 3_000).pipe(mergeMap(() => talk(name).pipe(catchError(() => EMPTY)), 2))
    host(name).run(() => talks$.subscribe())
  }
  eventually('whole conversations come through', () =>
    CLIENTS.every((name) => scheduler.now() - (wholeAt.get(name) ?? -Infinity) < 10_000),
  )
}
