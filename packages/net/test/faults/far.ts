import type { Observable } from 'rxjs'
import type { Connection, ConnectOptions, ListenOptions } from '../../src/index.ts'
import { connect, listen } from '../../src/index.ts'
import type { Bench } from './bench.ts'
import { away, OURS, THEIRS } from './wire.ts'

// a server that reads, and says what it has read when the other side ends
export const SERVER = `
  const { createHash } = require('node:crypto')
  const { createServer } = require('node:net')
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const hash = createHash('sha1')
    socket.on('error', () => undefined).on('data', (chunk) => hash.update(chunk))
    socket.on('end', () => socket.end(hash.digest('hex')))
    if (process.argv.at(-1) === 'deaf') socket.pause()
  }).listen(0, '${THEIRS}', () => console.log('port ' + server.address().port))`

// the same as a client
const CLIENT = `
  const { createHash } = require('node:crypto')
  const hash = createHash('sha1')
  const [port, how] = process.argv.slice(-2)
  const socket = require('node:net').connect({ port, host: '${OURS}', allowHalfOpen: true })
  socket.on('error', () => undefined).on('data', (chunk) => hash.update(chunk))
  socket.on('end', () => socket.end(hash.digest('hex')))
  if (how === 'deaf') socket.pause()`

type Options = ConnectOptions & ListenOptions

interface Far {
  readonly connection: Connection
  readonly port: number
}

/** Our end of a connection over the wire, on the side of the row, and the port it is about. */
export const over = async (bench: Bench, options: Options = {}, how = 'reads'): Promise<Far> => {
  const far = bench.side === 'client' ? await asClient(bench, options, how) : await asServer(bench, options, how)
  bench.watch(far.connection)
  return far
}

const first = <A>(bench: Bench, source$: Observable<A>): Promise<A> =>
  new Promise((resolve, reject) => {
    const subscription = source$.subscribe({ next: resolve, error: reject })
    bench.afterwards(() => {
      subscription.unsubscribe()
    })
  })

const asClient = async (bench: Bench, options: Options, how: string): Promise<Far> => {
  const port = Number(await away(bench, SERVER, how).line('port'))
  return { connection: await first(bench, connect({ ...options, host: THEIRS, port })), port }
}

const asServer = async (bench: Bench, options: Options, how: string): Promise<Far> => {
  const listener = await first(bench, listen({ ...options, host: OURS, port: 0 }))
  const port = listener.address.port ?? 0
  away(bench, CLIENT, String(port), how)
  return { connection: await first(bench, listener.connections$), port }
}
