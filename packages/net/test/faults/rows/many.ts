import assert from 'node:assert/strict'
import type { Subscription } from 'rxjs'
import { tap } from 'rxjs'
import type { Connection, Handler } from '../../../src/index.ts'
import { connect } from '../../../src/index.ts'
import type { Talk } from '../talk.ts'
import { HOST } from '../bench.ts'
import { script } from '../child.ts'
import { resources, surplus } from '../resources.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** The catalogue's counts times this: a tenth in the tests, so that they are quick. */
const SCALE = Number(process.env['SLUICE_FAULTS_SCALE'] ?? '0.1')
const count = (full: number): number => Math.max(10, Math.round(full * SCALE))

// so many peers at once: each says hello, and when all are answered they end
const CROWD = `
  const { connect } = require('node:net')
  const [port, count] = process.argv.slice(-2).map(Number)
  const sockets = []
  let [answered, closed] = [0, 0]
  for (let i = 0; i < count; i++) {
    const socket = connect({ port, host: '${HOST}' }, () => socket.write('hello\\n'))
    socket.once('data', () => {
      if (++answered === count) for (const one of sockets) one.end()
    })
    socket.on('error', (error) => console.log('error ' + error.code))
    socket.on('close', () => ++closed === count && console.log('answered ' + answered))
    sockets.push(socket)
  }`

// a server for as many
const ECHO = `
  const { createServer } = require('node:net')
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => undefined).pipe(socket))
  server.listen({ port: 0, host: '${HOST}', backlog: 4096 }, () => console.log('port ' + server.address().port))`

/** Each number follows from the one before: the same run again. */
const numbers = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

/** The ways a connection can end. */
const ENDINGS: readonly ((talk: Talk) => unknown)[] = [
  ({ peer }) => {
    peer.end('hello\n')
    return peer.text()
  },
  ({ peer }) => peer.reset(),
  ({ peer }) => {
    peer.end('half')
    peer.read()
  },
  ({ peer }) => {
    peer.write('x'.repeat(100_000))
  },
  ({ peer }) => {
    peer.write('throw\n')
  },
  ({ connection }) => {
    connection.abort()
  },
  ({ subscription }) => {
    subscription.unsubscribe()
  },
  ({ connection, peer }) => {
    connection.close()
    peer.read().end()
  },
]

const throwing: Handler<string, string> = (in$) =>
  in$.pipe(
    tap((line) => {
      if (line === 'throw') throw new Error('oh')
    }),
  )

export const many: readonly Row[] = [
  {
    id: 'F48',
    title: 'a crowd of connections at once: each is answered, and nothing stays behind [R14]',
    sides: ['server'],
    causes: ['Finished'],
    run: async (bench) => {
      const { listener } = await bench.serving()
      const crowd = script(bench, CROWD, String(listener.address.port), String(count(10_000)))
      assert.equal(await crowd.line('answered'), String(count(10_000)))
      await until('the ends', () => listener.live === 0)
    },
  },
  {
    id: 'F48',
    title: 'a crowd of connections of ours at once: each is answered, and nothing stays behind [R14]',
    sides: ['client'],
    causes: ['Finished'],
    run: async (bench) => {
      const port = Number(await script(bench, ECHO).line('port'))
      let answered = 0
      const heard = (connection: Connection): Subscription => connection.data$.subscribe(() => answered++)
      for (let i = 0; i < count(10_000); i++) {
        const client = connect({ port, host: HOST, connectMs: 30_000 }).subscribe((connection) => {
          bench.watch(connection)
          heard(connection)
          connection.write(Buffer.from('x'))
        })
        bench.afterwards(() => {
          client.unsubscribe()
        })
      }
      await until('the answers', () => answered === count(10_000))
      for (const { connection } of bench.watched) connection.end()
      await until('the ends', () => bench.watched.every(({ events }) => events.at(-1)?._tag === 'Closed'))
    },
  },
  {
    id: 'F49',
    title: 'one connection after the other: the descriptors stay as many as they were [R14]',
    sides: ['server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const { talk } = await bench.serving()
      const before = resources()
      for (let i = 0; i < count(2_000); i++) {
        const { peer, closed } = await talk()
        peer.end('hello\n')
        assert.equal(await peer.text(), 'HELLO\n')
        await closed
        if (i % 50 !== 49) continue
        // what the peer has closed is given back with the next turns
        await until('all to be given back', () => (surplus(before)['descriptors'] ?? 0) <= 2)
      }
    },
  },
  {
    id: 'F50',
    title: 'whatever end they take: no timer, no listener, no descriptor is left [R14]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished', 'Reset', 'Truncated', 'ProtocolFailed', 'HandlerFailed', 'Aborted'],
    run: async (bench) => {
      const number = numbers(50)
      const serving = bench.side === 'server' ? await bench.serving({}, throwing) : null
      for (let i = 0; i < count(1_000); i++) {
        const talk = serving === null ? await bench.talk({}, throwing) : await serving.talk()
        await ENDINGS[number(ENDINGS.length)]?.(talk)
        await until('the end', () => bench.watched.at(-1)?.events.at(-1)?._tag === 'Closed')
        talk.peer.destroy()
      }
    },
  },
]
