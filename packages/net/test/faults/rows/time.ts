import assert from 'node:assert/strict'
import { concat, ignoreElements, interval, map, merge, NEVER } from 'rxjs'
import type { Handler } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import { HOST } from '../bench.ts'
import { program, script } from '../child.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** Nothing of this thread runs for so long. */
const stall = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

const hears: Handler<string, string> = (in$) => concat(in$.pipe(ignoreElements()), NEVER)

// peers that say a line every 50 ms, until they are told to end
const CHATTER = `
  const [port, carrier] = process.argv.slice(-2)
  const { connect } = carrier === 'tls' ? require('node:tls') : require('node:net')
  for (let i = 0; i < 5; i++) {
    const socket = connect({ port, host: '${HOST}', rejectUnauthorized: false }).resume()
    const chatting = setInterval(() => socket.write('x\\n'), 50)
    process.stdin.on('end', () => {
      clearInterval(chatting)
      socket.end()
    }).resume()
  }`

export const time: readonly Row[] = [
  {
    id: 'F18',
    title: 'who drips a frame, byte by byte, ends with the frame clock; who does not is left alone [R21]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['TimedOut', 'Finished'],
    run: async (bench) => {
      const options = { frameMs: 1_000, scheduler: bench.clock }
      const [slow, healthy] = [await bench.talk(options), await bench.talk(options)]
      let over = false
      void slow.closed.then(() => (over = true))
      for (let byte = 0; !over; byte++) {
        assert.ok(byte < 100, 'no clock has run out')
        slow.peer.write('a')
        healthy.peer.write('whole\n')
        await healthy.peer.next(6 * (byte + 1))
        await turns(2)
        bench.clock.advance(100)
        await turns(2)
      }
      const { cause } = await slow.closed
      assert.equal(cause._tag === 'TimedOut' && cause.clock, 'frame')
      // the connections of a row are watched: this one ends well
      healthy.peer.end()
      assert.equal((await healthy.closed).cause._tag, 'Finished')
      assert.deepEqual(slow.heard, [])
    },
  },
  {
    id: 'F19',
    title: 'a silent peer to whom we write on and on ends with the silence clock: only received bytes count [R21]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['TimedOut'],
    run: async (bench) => {
      const chatters: Handler<string, string> = (in$) =>
        merge(interval(100, bench.clock).pipe(map(() => 'tick')), in$.pipe(ignoreElements()))
      const { peer, closed } = await bench.talk({ silenceMs: 1_000, scheduler: bench.clock }, chatters)
      peer.read()
      let over = false
      void closed.then(() => (over = true))
      for (let step = 0; !over; step++) {
        assert.ok(step < 100, 'no clock has run out')
        bench.clock.advance(100)
        await turns(3)
      }
      const { cause } = await closed
      assert.equal(cause._tag === 'TimedOut' && cause.clock, 'silence')
    },
  },
  {
    id: 'F20',
    title: 'a stalled event loop is no time-out: what came meanwhile is read first [R22]',
    sides: ['client', 'server'],
    causes: ['Finished'],
    run: async (bench) => {
      const talks = await Promise.all(Array.from({ length: 10 }, () => bench.talk()))
      for (let stalls = 0; stalls < 3; stalls++) {
        // the kernel has it, we have not
        await Promise.all(talks.map(({ peer }) => peer.written('x\n')))
        for (const { connection } of talks) connection.setClocks({ silenceMs: 300 })
        stall(500)
        await turns(3)
        for (const { connection } of talks) connection.setClocks({ silenceMs: Infinity })
      }
      for (const { peer, closed } of talks) {
        peer.end()
        assert.equal((await closed).cause._tag, 'Finished')
      }
    },
  },
  {
    id: 'F20',
    title: 'a stalled event loop is no time-out for peers that talk on meanwhile [R22]',
    sides: ['server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const { listener } = await bench.serving()
      const child = script(bench, CHATTER, String(listener.address.port), bench.carrier)
      await until(
        'the chatter',
        () => bench.watched.filter(({ connection }) => connection.figures.bytesRead > 0).length === 5,
      )
      for (const { connection } of bench.watched) connection.setClocks({ silenceMs: 500 })
      for (let stalls = 0; stalls < 3; stalls++) {
        stall(800)
        await turns(3)
      }
      for (const { connection } of bench.watched) connection.setClocks({ silenceMs: Infinity })
      child.process.stdin?.end()
      await until('the ends', () => listener.live === 0)
    },
  },
  {
    id: 'F20',
    title: 'a process that is stopped and goes on sees no time-out in what came meanwhile [R22]',
    sides: ['server'],
    causes: [],
    run: async (bench) => {
      const child = await program(bench, 'faultServer', JSON.stringify({ silenceMs: 3_000 }))
      const port = Number(await child.line('port'))
      const peers = [bench.dial(port), bench.dial(port), bench.dial(port)]
      const got = peers.map(() => '')
      peers.forEach((peer, i) => peer.on('data', (chunk: Buffer) => (got[i] += chunk.toString())))
      for (const peer of peers) peer.write('before\n')
      await until('the answers', () => got.every((text) => text === 'BEFORE\n'))
      child.process.kill('SIGSTOP')
      for (const peer of peers) peer.write('meanwhile\n')
      await new Promise((resolve) => setTimeout(resolve, 3_500))
      child.process.kill('SIGCONT')
      await until('the answers', () => got.every((text) => text === 'BEFORE\nMEANWHILE\n'))
      for (const peer of peers) peer.end()
      await until('the ends', () => child.lines.filter((line) => line.startsWith('closed')).length === 3)
      assert.deepEqual(new Set(child.lines.filter((line) => line.startsWith('closed'))), new Set(['closed Finished']))
    },
  },
  {
    id: 'F53',
    title: 'a wall clock that is set forward or back by an hour changes no wait [R22]',
    sides: ['client', 'server'],
    causes: ['TimedOut', 'Finished'],
    run: async (bench) => {
      const now = Date.now
      bench.afterwards(() => {
        Date.now = now
      })
      const patient = await bench.talk({ silenceMs: 60_000 }, hears)
      const brief = await bench.talk({ silenceMs: 100 }, hears)
      Date.now = () => now() + 3_600_000
      await turns(50)
      assert.equal(patient.connection.figures.bytesRead, 0)
      Date.now = () => now() - 3_600_000
      const { cause } = await brief.closed
      assert.ok(cause._tag === 'TimedOut' && cause.clock === 'silence')
      Date.now = now
      patient.connection.close()
      patient.peer.end()
      assert.equal((await patient.closed).cause._tag, 'Finished')
    },
  },
]
