import assert from 'node:assert/strict'
import * as E from 'fp-ts/lib/Either.js'
import { concat, defer, EMPTY, ignoreElements, map, NEVER, range } from 'rxjs'
import type { Closed, Handler } from '../../../src/index.ts'
import { fromIterable } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import type { Bench } from '../bench.ts'
import type { Talk } from '../talk.ts'
import { inKernel } from '../resources.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

const MIB = 1 << 20
const line = 'x'.repeat(1_023)

/** Says so many lines of 1 KiB, at the pace of the peer, and ends. */
const says = (count: number): Handler<string, string> => {
  const lines = function* () {
    for (let i = 0; i < count; i++) yield line
  }
  return () => fromIterable(lines())
}

/** Lets the time of the row go by until the connection is over, and answers how. */
const outwaited = async (bench: Bench, { closed }: Talk, stepMs: number): Promise<Closed> => {
  let over: Closed | null = null
  void closed.then((one) => (over = one))
  for (let step = 0; over === null; step++) {
    assert.ok(step < 1_000, 'no clock has run out')
    bench.clock.advance(stepMs)
    await turns(5)
  }
  return closed
}

export const ending: readonly Row[] = [
  {
    id: 'F09',
    title: 'a FIN ends their side only: what we answer behind it arrives, all of it [R2][R9]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const answers: Handler<string, string> = (in$, connection) =>
        concat(
          in$.pipe(ignoreElements()),
          defer(() => says(2_000)(in$, connection)),
        )
      const { peer, closed } = await bench.talk({}, answers)
      peer.end('question\n')
      assert.equal((await peer.text()).length, 2_000 * 1_024)
      await closed
    },
  },
  {
    id: 'F10',
    title: 'a peer that never ends after our FIN ends with the half-closed clock, and leaves no FIN_WAIT2 [R11][R21]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['TimedOut'],
    run: async (bench) => {
      const hears: Handler<string, string> = (in$, connection) => {
        connection.end()
        return in$.pipe(ignoreElements())
      }
      const talk = await bench.talk({ halfClosedMs: 1_000, scheduler: bench.clock }, hears)
      await talk.peer.text()
      const { cause } = await outwaited(bench, talk, 300)
      assert.equal(cause._tag === 'TimedOut' && cause.clock, 'halfClosed')
      await until('no FIN_WAIT2', () => inKernel(bench.ports, ['FIN_WAIT2']).length === 0)
    },
  },
  {
    id: 'F16',
    title: 'a peer that never reads: what waits keeps its bound, and the write-progress clock ends it [R7][R21]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['TimedOut'],
    run: async (bench) => {
      const options = { writeProgressMs: 8_000, scheduler: bench.clock, highWaterMark: 64 * 1_024 }
      const talk = await bench.talk(options, says(Infinity))
      await until('it to be full', () => talk.connection.full)
      await turns(50)
      assert.ok(talk.connection.unsentBytes <= 65 * 1_024)
      const { cause } = await outwaited(bench, talk, 500)
      assert.equal(cause._tag === 'TimedOut' && cause.clock, 'writeProgress')
      talk.peer.raw.destroy()
    },
  },
  {
    id: 'F17',
    title: 'an end behind a peer that never reads ends with the write-progress clock [R11][R21]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['TimedOut'],
    run: async (bench) => {
      const endsAtOnce: Handler<string, string> = (_in$, connection) => {
        connection.write(Buffer.alloc(16 * MIB))
        return EMPTY
      }
      const talk = await bench.talk({ writeProgressMs: 8_000, scheduler: bench.clock }, endsAtOnce)
      await turns(20)
      const { cause, figures } = await outwaited(bench, talk, 500)
      assert.equal(cause._tag === 'TimedOut' && cause.clock, 'writeProgress')
      assert.ok(figures.bytesUnsent > 0)
      talk.peer.raw.destroy()
    },
  },
  {
    id: 'F21',
    title: 'a write behind our own end or abort is an error for that write; behind the FIN of the peer it is none [R8]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Aborted'],
    run: async (bench) => {
      const { connection, peer, closed } = await bench.talk({}, (in$) => concat(in$, NEVER))
      peer.end()
      await until('their end', () => connection.remoteEnded)
      assert.ok(E.isRight(connection.write(Buffer.from('still here'))))
      assert.equal(await peer.next(10), 'still here')
      // that is not said by the handler
      peer.got = ''
      connection.end()
      const late = connection.write(Buffer.from('late'))
      assert.ok(E.isLeft(late) && late.left._tag === 'NotWritable' && late.left.why === 'ended')
      connection.abort()
      await closed
      const later = connection.write(Buffer.from('later'))
      assert.ok(E.isLeft(later) && later.left._tag === 'NotWritable' && later.left.why === 'closed')
    },
  },
  {
    id: 'F23',
    title: 'a write under way when it breaks is not counted as sent: written and unsent are what was given [R10]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Aborted', 'Reset', 'TimedOut'],
    run: async (bench) => {
      // over TLS a reset may be hidden from the writer: see F22
      const options = bench.tls ? { writeProgressMs: 1_000 } : {}
      for (const breaks of ['ours', 'theirs']) {
        const { connection, peer, closed } = await bench.talk(options, () => NEVER)
        connection.write(Buffer.alloc(32 * MIB))
        await turns(5)
        if (breaks === 'ours') connection.abort()
        else await peer.reset()
        const { cause, figures } = await closed
        assert.ok(bench.tls || cause._tag !== 'TimedOut')
        assert.ok(figures.bytesUnsent > 0)
        assert.equal(figures.bytesWritten + figures.bytesUnsent, 32 * MIB)
      }
    },
  },
  {
    id: 'F24',
    title: 'a close with unread input lingers: the peer gets our last answer, all of it, then the end [R11]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const { peer, closed } = await bench.talk({}, () => range(0, 20_000).pipe(map((i) => `answer ${String(i)}`)))
      peer.write('x'.repeat(4 * MIB))
      const got = await peer.text()
      assert.ok(got.endsWith('answer 19999\n'))
      peer.end()
      const { figures } = await closed
      assert.equal(figures.bytesRead, 4 * MIB)
    },
  },
  {
    id: 'F25',
    title: 'close flushes what waits, abort does not: each does what it is called [R9][R11]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished', 'Aborted'],
    run: async (bench) => {
      for (const how of ['close', 'abort'] as const) {
        const { connection, peer, closed } = await bench.talk({}, () => NEVER)
        connection.write(Buffer.alloc(20 * MIB, 'x'))
        await turns(5)
        connection[how]()
        const got = await peer.text().catch(() => peer.got)
        peer.end()
        const { cause, figures } = await closed
        assert.equal(cause._tag, how === 'close' ? 'Finished' : 'Aborted')
        if (how === 'close') assert.equal(got.length, 20 * MIB)
        else assert.ok(figures.bytesUnsent > 0 && got.length < 20 * MIB)
        // that is not said by the handler
        peer.got = ''
      }
    },
  },
  {
    id: 'F26',
    title: 'an abort while our FIN is on its way leaves no socket behind [R14]',
    sides: ['client', 'server'],
    causes: ['Aborted', 'Finished', 'Reset'],
    run: async (bench) => {
      for (let i = 0; i < 20; i++) {
        const { connection, peer, closed } = await bench.talk({}, () => NEVER)
        peer.read()
        connection.write(Buffer.from('x'))
        connection.end()
        process.nextTick(() => {
          connection.abort()
        })
        await closed
        // that is not said by the handler
        peer.got = ''
        peer.destroy()
      }
      await until('no FIN_WAIT2', () => inKernel(bench.ports, ['FIN_WAIT1', 'FIN_WAIT2']).length === 0)
    },
  },
]
