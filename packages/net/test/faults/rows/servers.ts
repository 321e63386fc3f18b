import assert from 'node:assert/strict'
import { Server } from 'node:net'
import type { Listener, ListenerEvent } from '../../../src/index.ts'
import { ListenFailed } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import type { Bench } from '../bench.ts'
import { inKernel } from '../resources.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

const eventsOf = (listener: Listener): ListenerEvent[] => {
  const events: ListenerEvent[] = []
  listener.events$.subscribe((event) => events.push(event))
  return events
}

/** The server of Node's that the next listener of ours makes. */
const nextServer = (bench: Bench): (() => Server) => {
  const listen: unknown = Reflect.get(Server.prototype, 'listen')
  assert.ok(typeof listen === 'function')
  const made: Server[] = []
  const noted = function (this: Server, ...args: unknown[]): unknown {
    made.push(this)
    return Reflect.apply(listen, this, args)
  }
  Reflect.set(Server.prototype, 'listen', noted)
  bench.afterwards(() => {
    Reflect.set(Server.prototype, 'listen', listen)
  })
  return () => {
    const [first] = made
    if (first === undefined) throw new Error('no server was made')
    return first
  }
}

export const servers: readonly Row[] = [
  {
    id: 'F28',
    title: 'a connection that is taken and never used ends by its clock, and leaves no CLOSE_WAIT [R21]',
    sides: ['server'],
    carriers: ['tcp', 'tls'],
    causes: ['TimedOut'],
    run: async (bench) => {
      const listener = await bench.listening({ scheduler: bench.clock })
      const taking = listener.connections$.subscribe((connection) => bench.watch(connection))
      bench.afterwards(() => {
        taking.unsubscribe()
      })
      for (let i = 0; i < 3; i++) (await bench.peerAt(listener)).end('x')
      await until('all taken', () => bench.watched.length === 3)
      await turns(20)
      for (let step = 0; listener.live !== 0; step++) {
        assert.ok(step < 200, 'no clock has run out')
        bench.clock.advance(1_000)
        await turns(2)
      }
      await until('no CLOSE_WAIT', () => inKernel(bench.ports, ['CLOSE_WAIT']).length === 0)
    },
  },
  {
    id: 'F31',
    title: 'an address in use is ListenFailed, once; when it is free, the same listens [R10][R27]',
    sides: ['server'],
    causes: [],
    run: async (bench) => {
      const first = await bench.listening()
      const port = first.address.port ?? 0
      const failed: unknown = await bench.listening({ port }).catch((error: unknown) => error)
      assert.ok(failed instanceof ListenFailed)
      assert.equal(failed.code, 'EADDRINUSE')
      await first.drain()()
      assert.equal((await bench.listening({ port })).address.port, port)
    },
  },
  {
    id: 'F32',
    title: 'an accept that fails is told, and the listener goes on; who is connected is not harmed [R24]',
    sides: ['server'],
    causes: ['Finished'],
    run: async (bench) => {
      const server = nextServer(bench)
      const { listener, talk } = await bench.serving()
      const events = eventsOf(listener)
      const { peer, closed } = await talk()
      const handle: unknown = Reflect.get(server(), '_handle')
      assert.ok(typeof handle === 'object' && handle !== null)
      const onconnection: unknown = Reflect.get(handle, 'onconnection')
      assert.ok(typeof onconnection === 'function')
      Reflect.apply(onconnection, handle, [-24])
      await turns(2)
      const told = events.flatMap((event): unknown[] =>
        event._tag === 'AcceptFailed' ? [Reflect.get(event.error, 'code')] : [],
      )
      assert.deepEqual(told, ['EMFILE'])
      assert.equal((await talk().then((other) => (other.peer.end('hello\n'), other.peer.text()))).trim(), 'HELLO')
      peer.end('hello\n')
      assert.equal(await peer.text(), 'HELLO\n')
      await closed
    },
  },
  {
    id: 'F33',
    title: 'who comes at the limit is refused, with an event that names him; after a close the next is let in [R24]',
    sides: ['server'],
    causes: ['Finished'],
    run: async (bench) => {
      const serving = await bench.serving({ maxConnections: 2 })
      const { listener, talk } = serving
      const events = eventsOf(listener)
      const [first, second] = [await talk(), await talk()]
      for (let i = 0; i < 5; i++) {
        const third = await bench.peerAt(listener)
        await third.text().catch(() => undefined)
        const refused = events.flatMap((event) => (event._tag === 'Refused' ? [event] : []))[i]
        assert.equal(refused?.reason, 'connections')
        assert.equal(refused.remote?.port, third.raw.localPort ?? refused.remote?.port)
        assert.equal(listener.live, 2)
      }
      first.peer.end()
      await first.closed
      await until('room', () => listener.live === 1)
      const next = await talk()
      for (const { peer, closed } of [second, next]) {
        peer.end('hello\n')
        assert.equal(await peer.text(), 'HELLO\n')
        await closed
      }
      await until('room', () => listener.live === 0)
    },
  },
]
