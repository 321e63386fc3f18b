import * as E from 'fp-ts/lib/Either.js'
import type { Endpoint, ServerEvent } from 'sluice'
import { listen, runServer } from 'sluice'
import { optionsFor, parseTarget } from './options.ts'
import { QUEUE_BYTES, createRoom } from './room.ts'

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
}

const room = createRoom()

const tell = (event: ServerEvent) => {
  if (event._tag === 'Started') sayWhere(event.listener.address)
  else if (event._tag === 'Failed') console.error(event.error.message)
  else if (event._tag === 'Stopping') {
    console.log('The chat closes: one more Ctrl-C, and at once.')
    room.close()
  }
}

const chat$ = listen({
  ...target.right,
  maxConnections: 500,
  // nobody waits for who does not read; who has said goodbye is not waited for much either
  whenFull: 'fail',
  maxUnsentBytes: QUEUE_BYTES,
  lingerMs: 1_000,
})

await runServer(chat$, room.open, { drainMs: 5_000, tell })()
