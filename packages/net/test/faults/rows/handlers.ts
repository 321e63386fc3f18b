import assert from 'node:assert/strict'
import type { Observable } from 'rxjs'
import { concat, concatMap, map, merge, NEVER, of, Subject, take, tap } from 'rxjs'
import type { Handler } from '../../../src/index.ts'
import { mapAsync } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import type { Pair } from '../talk.ts'
import { shout } from '../bench.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

const BOTH = { sides: ['client', 'server'], carriers: ['tcp', 'tls'] } as const

const oh = new Error('oh')

const fail = (): never => {
  throw oh
}

/** Every way a handler can go wrong. */
const FAILING: readonly Handler<string, string>[] = [
  (in$) => in$.pipe(map(fail)),
  (in$) => in$.pipe(mapAsync(2, () => Promise.reject(oh))),
  (in$) => in$.pipe(concatMap(fail)),
  fail,
]

/** What comes, as one text. */
const reading = (bytes$: Observable<Uint8Array>): { text: string; error: unknown; ended: boolean } => {
  const seen = { text: '', error: null as unknown, ended: false }
  bytes$.subscribe({
    next: (bytes) => (seen.text += Buffer.from(bytes).toString()),
    error: (error: unknown) => (seen.error = error),
    complete: () => (seen.ended = true),
  })
  return seen
}

const bothEnd = async ({ connection, peer }: Pair): Promise<void> => {
  connection.end()
  peer.end()
  await peer.text()
  await until('the end', () => connection.remoteEnded && connection.localEnded)
  await turns()
}

export const handlers: readonly Row[] = [
  {
    id: 'F40',
    title: 'bytes wait for the first subscriber, none is lost to the next, and two at once is an error [R1]',
    ...BOTH,
    causes: ['Finished'],
    run: async (bench) => {
      const pair = await bench.pair()
      const { connection, peer } = pair
      await peer.written('early ')
      await turns(20)
      assert.equal(connection.figures.bytesRead, 0)
      const first = reading(connection.data$.pipe(take(1)))
      await until('the first', () => first.ended)
      peer.write('late')
      await turns(20)
      const second = reading(connection.data$)
      const third = reading(connection.data$)
      assert.equal(Reflect.get(third.error as object, '_tag'), 'AlreadySubscribed')
      await until('the rest', () => first.text + second.text === 'early late')
      await bothEnd(pair)
      assert.ok(second.ended)
    },
  },
  {
    id: 'F41',
    title:
      'a handler that throws, rejects or fails ends its own connection: HandlerFailed, and the process lives [R12]',
    ...BOTH,
    causes: ['HandlerFailed'],
    run: async (bench) => {
      for (const handler of FAILING) {
        const { peer, closed } = await bench.talk({}, handler)
        peer.write('hello\n')
        const { cause } = await closed
        assert.ok(cause._tag === 'HandlerFailed' && cause.error === oh)
      }
    },
  },
  {
    id: 'F41',
    title: 'a handler that is never done with a message ends with the consumer clock, where one is set [R21]',
    ...BOTH,
    causes: ['TimedOut'],
    run: async (bench) => {
      const never: Handler<string, string> = (in$) => merge(in$.pipe(mapAsync(1, () => NEVER)), NEVER)
      const { peer, heard, closed } = await bench.talk({ consumerMs: 1_000, scheduler: bench.clock }, never)
      peer.write('hello\n'.repeat(1_000))
      await until('the first', () => heard.length === 1)
      let over = false
      void closed.then(() => (over = true))
      for (let step = 0; !over; step++) {
        assert.ok(step < 50, 'no clock has run out')
        bench.clock.advance(100)
        await turns(3)
      }
      const { cause } = await closed
      assert.ok(cause._tag === 'TimedOut' && cause.clock === 'consumer')
    },
  },
  {
    id: 'F42',
    title: 'unsubscribed inside the dispatch of a message: not one more is given, and the socket is closed [R14]',
    ...BOTH,
    causes: ['Aborted'],
    run: async (bench) => {
      for (let at = 1; at <= 10; at += 3) {
        let stop: () => void = () => undefined
        const handler: Handler<string, string> = (in$) => {
          let seen = 0
          return in$.pipe(tap(() => ++seen === at && stop()), map((line) => line.toUpperCase())) // prettier-ignore
        }
        const { peer, heard, subscription, connection } = await bench.talk({}, handler)
        stop = () => {
          subscription.unsubscribe()
        }
        peer.write('line\n'.repeat(20))
        await until('the last', () => heard.length === at)
        await until('the end', () => bench.watched.at(-1)?.events.at(-1)?._tag === 'Closed')
        await turns(10)
        assert.equal(heard.length, at)
        assert.equal(connection.unsentBytes, 0)
      }
    },
  },
  {
    id: 'F43',
    title: 'who writes, ends or listens from inside an event: everybody hears the same, in the same order [R10]',
    ...BOTH,
    causes: ['Finished'],
    run: async (bench) => {
      const pair = await bench.pair()
      const { connection, peer } = pair
      const logs: string[][] = [[], []]
      connection.events$.subscribe(({ _tag }) => {
        logs[0]?.push(_tag)
        if (_tag === 'Data') connection.pause()
        if (_tag === 'Paused') connection.resume()
        if (_tag === 'RemoteEnded') connection.end()
      })
      connection.events$.subscribe(({ _tag }) => logs[1]?.push(_tag))
      const got = reading(connection.data$.pipe(tap((bytes) => connection.write(bytes))))
      peer.end('hello')
      assert.equal(await peer.text(), 'hello')
      await until('the end', () => connection.localEnded && logs[0]?.at(-1) === 'Closed')
      assert.equal(got.text, 'hello')
      assert.deepEqual(logs[0], logs[1])
      peer.got = ''
    },
  },
  {
    id: 'F43',
    title: 'a next inside a next, and writes by the way: what leaves is in the order it was given [R6]',
    ...BOTH,
    causes: ['Finished'],
    run: async (bench) => {
      const handler: Handler<string, string> = (in$) => {
        const again$ = new Subject<string>()
        const first$ = in$.pipe(
          map((line) => `${line} 1`),
          tap((line) => {
            if (line.startsWith('a')) again$.next(`${line} 2`)
          }),
        )
        return merge(again$.pipe(take(1)), first$)
      }
      const { peer, closed, said } = await bench.talk({}, handler)
      peer.end('a\nb\n')
      assert.equal(await peer.text(), 'a 1 2\na 1\nb 1\n')
      assert.deepEqual(said, ['a 1 2', 'a 1', 'b 1'])
      await closed
    },
  },
  {
    id: 'F44',
    title: 'a reset that comes when nobody listens any more is not the end of the process [R14]',
    ...BOTH,
    causes: ['Aborted', 'Reset'],
    run: async (bench) => {
      for (let i = 0; i < 10; i++) {
        const { peer, subscription, connection } = await bench.talk({}, (in$, ours) => concat(shout(in$, ours), of('')))
        connection.write(Buffer.alloc(1_000_000))
        if (i % 2 === 0) await peer.reset()
        subscription.unsubscribe()
        if (i % 2 === 1) await peer.reset()
        await until('the end', () => bench.watched.at(-1)?.events.at(-1)?._tag === 'Closed')
      }
    },
  },
]
