import assert from 'node:assert/strict'
import { concat, ignoreElements, merge, NEVER, Subject, take } from 'rxjs'
import type { Handler } from '../../../src/index.ts'
import { mapAsync } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import { shout } from '../bench.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

/** Answers, and stays when the peer has ended. */
const stays: Handler<string, string> = (in$, connection) => concat(shout(in$, connection), NEVER)

/** Takes one line, and no more. */
const stuck: Handler<string, string> = (in$) => merge(in$.pipe(mapAsync(1, () => NEVER)), NEVER)

export const resets: readonly Row[] = [
  {
    id: 'F05',
    title: 'a reset in the middle of a frame is a Reset, and no part of the frame is given [R12][R13]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Reset'],
    run: async (bench) => {
      const { peer, heard, closed } = await bench.talk()
      peer.write('whole\nhal')
      await until('the frame', () => heard.length === 1)
      await peer.next(6)
      await peer.reset()
      await closed
      assert.deepEqual(heard, ['whole'])
    },
  },
  {
    id: 'F06',
    title: 'a reset behind unread data is a Reset also at a frame border, and never Finished [R13]',
    sides: ['client', 'server'],
    causes: ['Reset'],
    run: async (bench) => {
      for (let i = 0; i < 20; i++) {
        const { peer, closed } = await bench.talk()
        await peer.written('whole\n')
        await peer.reset()
        await closed
      }
    },
  },
  {
    id: 'F06',
    title: 'a reset behind unread data inside a frame is never Finished [R13]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Reset', 'Truncated'],
    run: async (bench) => {
      for (let i = 0; i < 10; i++) {
        const { peer, closed } = await bench.talk()
        await peer.written('whole\nhalf')
        await peer.reset()
        await closed
      }
    },
  },
  {
    id: 'F07',
    title: 'a FIN, then a reset nobody reports, is found within the probe interval [R23]',
    sides: ['client', 'server'],
    causes: ['Reset'],
    run: async (bench) => {
      const { peer, connection, closed } = await bench.talk({ probeMs: 1_000, scheduler: bench.clock }, stays)
      peer.end()
      await until('the FIN', () => connection.remoteEnded)
      await peer.reset()
      await turns(20)
      bench.clock.advance(1_001)
      await closed
    },
  },
  {
    id: 'F08',
    title: 'a FIN in the middle of a frame is Truncated, with what came of it; what was whole is answered [R13]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Truncated'],
    run: async (bench) => {
      const { peer, closed } = await bench.talk()
      peer.end('whole\nhalf')
      assert.equal(await peer.text(), 'WHOLE\n')
      const { cause } = await closed
      assert.ok(cause._tag === 'Truncated')
      assert.equal(cause.error.got, 4)
      assert.equal(Buffer.from(cause.error.bytes).toString(), 'half')
    },
  },
  {
    id: 'F22',
    title: 'EPIPE or ECONNRESET, whichever comes first: one Reset [R10]',
    sides: ['client', 'server'],
    causes: ['Reset'],
    run: async (bench) => {
      for (let i = 0; i < 30; i++) {
        const lines$ = new Subject<string>()
        const { peer, closed } = await bench.talk({ probeMs: 5 }, () => lines$)
        await peer.reset()
        await turns(i % 3)
        for (let line = 0; line < 3; line++) lines$.next('x'.repeat(1_000))
        await closed
      }
    },
  },
  {
    id: 'F22',
    title: 'a reset that Node hides behind TLS, from reader and writer, ends with the clock of the writer [R10][R21]',
    sides: ['client', 'server'],
    carriers: ['tls'],
    causes: ['Reset', 'TimedOut'],
    run: async (bench) => {
      for (let i = 0; i < 10; i++) {
        const lines$ = new Subject<string>()
        const { peer, closed } = await bench.talk({ writeProgressMs: 100 }, () => lines$)
        await peer.reset()
        await turns(i % 3)
        for (let line = 0; line < 3; line++) lines$.next('x'.repeat(1_000))
        await turns(2)
        lines$.next('x')
        const { cause } = await closed
        if (cause._tag === 'TimedOut') assert.equal(cause.clock, 'writeProgress')
      }
    },
  },
  {
    id: 'F27',
    title: 'a reset while we are paused is found within the probe interval [R23]',
    sides: ['client', 'server'],
    causes: ['Reset'],
    run: async (bench) => {
      const { peer, connection, closed } = await bench.talk({ probeMs: 1_000, scheduler: bench.clock }, stuck)
      peer.write(`${'x'.repeat(50)}\n`.repeat(10_000))
      await until('the pause', () => connection.figures.bytesRead > 0 && connection.paused)
      await turns(20)
      await peer.reset()
      await turns(20)
      bench.clock.advance(1_001)
      await closed
    },
  },
  {
    id: 'F27',
    title: 'a FIN while we are paused is no death: however often it is probed, all is taken when we go on [R1][R23]',
    sides: ['client', 'server'],
    carriers: ['tcp', 'tls'],
    causes: ['Finished'],
    run: async (bench) => {
      const go$ = new Subject<string>()
      const handler: Handler<string, string> = (in$) =>
        in$.pipe(
          mapAsync(1, () => go$.pipe(take(1))),
          ignoreElements(),
        )
      const { peer, connection, heard, closed } = await bench.talk({ probeMs: 1_000, scheduler: bench.clock }, handler)
      let ended = false
      void closed.then(() => (ended = true))
      peer.end(Array.from({ length: 20_000 }, (_, i) => `line ${String(i)}\n`).join(''))
      peer.read()
      await until('the pause', () => heard.length === 1 && connection.paused)
      for (let probe = 0; probe < 10; probe++) {
        bench.clock.advance(1_001)
        await turns(2)
      }
      while (!ended) {
        const before = heard.length
        go$.next('')
        if (heard.length === before) await turns(1)
      }
      assert.equal(heard.length, 20_000)
      assert.equal(await peer.text(), '')
      await closed
    },
  },
]
