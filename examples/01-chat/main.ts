import * as E from 'fp-ts/lib/Either.js'
import { EMPTY, defer, fromEvent, ignoreElements, merge, mergeMap, of, take, throttleTime } from 'rxjs'
import type { Endpoint } from 'sluice'
import { listen } from 'sluice'
import { optionsFor, parseTarget } from './options.ts'
import { QUEUE_BYTES, createRoom } from './room.ts'

const DRAIN_MS = 5_000

const target = parseTarget(process.argv.slice(2), { leastPort: 0 })
if (E.isLeft(target)) {
  console[target.left.exitCode === 0 ? 'log' : 'error'](target.left.text)
  process.exit(target.left.exitCode)
}

const sayWhere = ({ address, port }: Endpoint) => {
  const host = /^(0\.0\.0\.0|::)$/.test(address) ? '127.0.0.1' : address
  const [place, nc] = port === undefined ? [address, `-U ${address}`] : [`${address} port ${port}`, `${host} ${port}`]
  const own = optionsFor(port === undefined ? { path: address } : { host, port })
  console.log(`The chat is open at ${place}. Come in with\n  nc ${nc}\nor\n  npm run chat${own}\nCtrl-C closes it.`)
  return EMPTY
}

const room = createRoom()
// throttled, because a Ctrl-C reaches what npm started twice: once from the terminal, once from npm
const signal$ = merge(fromEvent(process, 'SIGINT'), fromEvent(process, 'SIGTERM')).pipe(throttleTime(500))

listen({
  ...target.right,
  maxConnections: 500,
  // nobody waits for who does not read; who has said goodbye is not waited for much either
  whenFull: 'fail',
  maxUnsentBytes: QUEUE_BYTES,
  lingerMs: 1_000,
})
  .pipe(
    mergeMap((listener) => {
      const talk$ = of(listener).pipe(room.open, ignoreElements())
      const closed$ = signal$.pipe(
        mergeMap((_, before) => {
          if (before > 0) process.exit(1)
          console.log('The chat closes: one more Ctrl-C, and at once.')
          room.close()
          return listener.drain({ deadlineMs: DRAIN_MS })()
        }),
      )
      const told$ = defer(() => sayWhere(listener.address))
      return merge(talk$, closed$, told$)
    }),
    take(1),
  )
  .subscribe({
    error: (error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    },
  })
