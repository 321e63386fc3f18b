import { serve, speak } from '@sluice/net'
import { lines } from '@sluice/protocol'
import { ignoreElements, interval, map, merge, tap } from 'rxjs'
import type { Scenario } from '@sluice/testing'

export const CHATTER = ['server', ...Array.from({ length: 100 }, (_, i) => `client${String(i)}`)]

/** A hundred clients, each of which says a line now and then and is answered. */
export const chatter =
  (everyMs: number): Scenario =>
  ({ host, random, eventually }) => {
    const upper = serve(lines(), map((line: string) => line.toUpperCase())) // prettier-ignore
    host('server').run(() => host('server').listen({ port: 7000 }).pipe(upper).subscribe())
    let heard = 0
    for (const name of CHATTER.slice(1)) {
      const says = (n: number): string => `hello from ${name}, for the ${String(n)}th time`
      host(name).run(() =>
        host(name)
          .connect({ host: 'server', port: 7000 })
          .pipe(
            speak(lines(), (in$) => {
              const says$ = interval(everyMs * (0.5 + random())).pipe(map(says))
              return merge(says$, in$.pipe(tap(() => heard++), ignoreElements())) // prettier-ignore
            }),
          )
          .subscribe(),
      )
    }
    eventually('they are answered', () => heard > 0)
  }
