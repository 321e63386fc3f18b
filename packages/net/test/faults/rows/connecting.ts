import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import type { ConnectOptions } from '../../../src/index.ts'
import { ConnectFailed } from '../../../src/index.ts'

import type { Bench } from '../bench.ts'
import { HOST } from '../bench.ts'
import { script } from '../child.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** With what a connect fails; that it connects is a failure of the row. */
const failure = async (bench: Bench, options: ConnectOptions): Promise<ConnectFailed> => {
  const error: unknown = await bench.connecting(options).then(
    () => 'connected',
    (reason: unknown) => reason,
  )
  if (error instanceof ConnectFailed) return error
  throw new Error(`no ConnectFailed, but ${String(error)}`)
}

/** A port that nobody listens on. */
const deadPort = async (bench: Bench): Promise<number> => {
  const listener = await bench.listening()
  await listener.drain()()
  return listener.address.port ?? 0
}

// a listener whose backlog is full, and who never accepts: the kernel drops whatever asks for more
const DEAF = `
  const { connect, createServer } = require('node:net')
  const server = createServer().listen({ port: 0, host: '${HOST}', backlog: 1 }, () => {
    const { port } = server.address()
    for (let i = 0; i < 4; i++) connect(port, '${HOST}').on('error', () => undefined)
    // they connect with the next tick, and are never accepted
    process.nextTick(() => {
      console.log('port', port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })
  })`

export const connecting: readonly Row[] = [
  {
    id: 'F01',
    title: 'a reset that answers the SYN is ConnectFailed ECONNREFUSED, of one address and of several [R10][R27]',
    sides: ['client'],
    carriers: ['tcp', 'tls'],
    causes: [],
    run: async (bench) => {
      const port = await deadPort(bench)
      assert.equal((await failure(bench, { port })).code, 'ECONNREFUSED')
      const both = await failure(bench, { port, host: 'localhost' })
      assert.equal(both.code, 'ECONNREFUSED')
      // what Node throws for several addresses has no message of its own
      assert.match(both.message, /ECONNREFUSED/)
    },
  },
  {
    id: 'F02',
    title: 'a SYN that is swallowed is ConnectFailed TIMEOUT, and leaves nothing on its way [R14][R21]',
    sides: ['client'],
    carriers: ['tcp', 'tls'],
    causes: [],
    run: async (bench) => {
      const port = Number(await script(bench, DEAF).line('port'))
      const { code } = await failure(bench, { port, connectMs: 300 })
      assert.equal(code, 'TIMEOUT')
    },
  },
  {
    id: 'F04',
    title: 'a peer that has reset before it was accepted has no address, harms nobody, and is no Finished [R12][R13]',
    sides: ['server'],
    causes: ['Reset'],
    run: async (bench) => {
      const { listener } = await bench.serving()
      const port = String(listener.address.port)
      const dead = `const c = require('node:net').connect(${port}, '${HOST}', () => c.write('x\\n', () => c.resetAndDestroy()))`
      // while this waits, nobody accepts
      for (let i = 0; i < 3; i++) spawnSync(process.execPath, ['-e', dead])
      await until('all three', () => listener.counts.arrived === 3 && listener.live === 0)
      for (const { connection } of bench.watched) assert.equal(connection.remote, undefined)
      assert.equal(bench.watched.length + listener.counts.left, 3)
    },
  },
  {
    id: 'F52',
    title: 'a connection to itself is ConnectFailed SELF_CONNECT, never a connection [R10]',
    sides: ['client'],
    causes: [],
    run: async (bench) => {
      for (let i = 0; i < 5; i++) {
        const port = await deadPort(bench)
        assert.equal((await failure(bench, { port, localPort: port, localAddress: HOST })).code, 'SELF_CONNECT')
      }
    },
  },
]
