// An upper-casing server that says what happens to it. It listens when it is told to, so that it can be
// given few descriptors before.
import { closeSync, openSync } from 'node:fs'
import { lines } from '@sluice/protocol'
import { ignoreElements, map, merge, mergeMap, of, tap } from 'rxjs'
import { listen, serve } from '../../../src/index.ts'

const shout = serve<string, string>(
  lines(),
  map((line) => line.toUpperCase()),
)

const listenNow = (): void => {
  listen({ port: 0, host: '127.0.0.1' })
    .pipe(
      mergeMap((listener) => {
        const told$ = listener.events$.pipe(
          tap((event) => {
            if (event._tag === 'Listening') console.log(`Listening ${String(event.address.port)}`)
            else if (event._tag === 'AcceptFailed')
              console.log(`AcceptFailed ${String(Reflect.get(event.error, 'code'))}`)
            else console.log(event._tag, 'reason' in event ? event.reason : '')
          }),
          ignoreElements(),
        )
        return merge(told$, of(listener).pipe(shout))
      }),
    )
    .subscribe()
}

const files: number[] = []
let cpu = process.cpuUsage()

const orders: Readonly<Record<string, () => void>> = {
  listen: listenNow,
  /** Opens files until there is no descriptor left. */
  exhaust: () => {
    try {
      for (;;) files.push(openSync('/dev/null', 'r'))
    } catch {
      console.log(`exhausted ${String(files.length)}`)
    }
  },
  release: () => {
    for (const file of files.splice(0)) closeSync(file)
    console.log('released')
  },
  /** The processor time since it was last asked, in milliseconds. */
  cpu: () => {
    const { user, system } = process.cpuUsage(cpu)
    cpu = process.cpuUsage()
    console.log(`cpu ${String(Math.round((user + system) / 1000))}`)
  },
}

process.on('message', (order: string) => orders[order]?.())
console.log('ready')
