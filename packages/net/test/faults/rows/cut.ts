import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { Closed, Connection, ConnectionOptions, ConnectOptions } from '../../../src/index.ts'
import { backoff, ConnectFailed, connect, fromIterable, reconnect, writeTo } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import type { Bench } from '../bench.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'
import { over, SERVER } from '../far.ts'
import { away, THEIRS, wire } from '../wire.ts'

const closedOf = async (bench: Bench): Promise<Closed> => {
  const ended = (): Closed | undefined =>
    bench.watched.flatMap(({ events }) => events).find((event) => event._tag === 'Closed')
  await until('the end', () => ended() !== undefined)
  const closed = ended()
  if (closed === undefined) throw new Error('it has ended')
  return closed
}

const failureOf = (options: ConnectOptions): Promise<ConnectFailed> =>
  new Promise((resolve, reject) => {
    connect({ port: 7, ...options }).subscribe({
      next: () => {
        reject(new Error('it connects'))
      },
      error: (error: unknown) => {
        if (error instanceof ConnectFailed) resolve(error)
        else reject(new Error(`no ConnectFailed, but ${String(error)}`))
      },
    })
  })

const ENDS = ['client', 'server'] as const

/** Our end, with these clocks, when the cable is pulled while nobody says anything. */
const cutWhileIdle = async (bench: Bench, options: ConnectionOptions & { keepAliveMs?: number }): Promise<Closed> => {
  const { connection } = await over(bench, options)
  bench.drain(connection)
  await turns(5)
  wire.cut(bench)
  return closedOf(bench)
}

/** Rows that need two machines and a wire between them: two network namespaces. */
export const cut: readonly Row[] = [
  {
    id: 'F02',
    title: 'a SYN that is swallowed on the way is ConnectFailed TIMEOUT [R21]',
    sides: ['client'],
    needs: 'namespace',
    causes: [],
    run: async (bench) => {
      wire.swallow(bench)
      assert.equal((await failureOf({ host: THEIRS, connectMs: 500 })).code, 'TIMEOUT')
    },
  },
  {
    id: 'F03',
    title: 'nobody at that address is ConnectFailed EHOSTUNREACH, no way to it ENETUNREACH [R10][R27]',
    sides: ['client'],
    needs: 'namespace',
    causes: [],
    run: async () => {
      assert.equal((await failureOf({ host: '10.77.0.99' })).code, 'EHOSTUNREACH')
      assert.equal((await failureOf({ host: '192.0.2.1' })).code, 'ENETUNREACH')
    },
  },
  {
    id: 'F11',
    title: 'a cable that is cut while nobody says anything ends with the silence clock [R21]',
    sides: ENDS,
    needs: 'namespace',
    causes: ['TimedOut'],
    run: async (bench) => {
      const { cause } = await cutWhileIdle(bench, { silenceMs: 1_000 })
      assert.ok(cause._tag === 'TimedOut' && cause.clock === 'silence')
    },
  },
  {
    id: 'F11',
    title: 'a cable that is cut is found by the keep-alive of TCP, without any clock of ours [R21]',
    sides: ENDS,
    needs: 'namespace',
    causes: ['Reset'],
    run: async (bench) => {
      await cutWhileIdle(bench, { keepAliveMs: 1_000 })
    },
  },
  {
    id: 'F12',
    title:
      'a cable that is cut while bytes wait ends with the write-progress clock, and they are not called sent [R21]',
    sides: ENDS,
    needs: 'namespace',
    causes: ['TimedOut'],
    run: async (bench) => {
      const { connection } = await over(bench, { writeProgressMs: 1_000 }, 'deaf')
      wire.cut(bench)
      connection.write(Buffer.alloc(32 << 20))
      const { cause, figures } = await closedOf(bench)
      assert.ok(cause._tag === 'TimedOut' && cause.clock === 'writeProgress')
      assert.ok(figures.bytesUnsent > 0)
      assert.equal(figures.bytesWritten + figures.bytesUnsent, 32 << 20)
    },
  },
  {
    id: 'F13',
    title: 'a peer that has forgotten us is a Reset at the next write, and reconnect comes back once [R10]',
    sides: ['client'],
    needs: 'namespace',
    causes: ['Reset', 'Aborted'],
    run: async (bench) => {
      const port = Number(await away(bench, SERVER).line('port'))
      const told: string[] = []
      const ups: Connection[] = []
      const tell = ({ _tag }: { readonly _tag: string }): void => {
        told.push(_tag)
      }
      const coming = connect({ host: THEIRS, port })
        .pipe(reconnect(backoff({ initialMs: 50 }), { tell }))
        .subscribe((connection) => {
          ups.push(connection)
          bench.watch(connection)
          bench.drain(connection)
        })
      bench.afterwards(() => {
        coming.unsubscribe()
      })
      await until('the first', () => ups.length === 1)
      const mend = wire.cut(bench)
      wire.reset(port)
      mend()
      await turns(100)
      assert.deepEqual(told, ['Connecting', 'Up'])
      ups[0]?.write(Buffer.from('hello again'))
      await until('the second', () => ups.length === 2)
      assert.deepEqual(told, ['Connecting', 'Up', 'Lost', 'Waiting', 'Connecting', 'Up'])
      ups[1]?.abort()
      await until('its end', () => told.length > 0 && bench.watched[1]?.events.at(-1)?._tag === 'Closed')
    },
  },
  {
    id: 'F14',
    title: 'a reset from somebody on the way is a Reset, as one of the peer [R10]',
    sides: ENDS,
    needs: 'namespace',
    causes: ['Reset'],
    run: async (bench) => {
      const { connection, port } = await over(bench)
      bench.drain(connection)
      connection.write(Buffer.from('in the middle of'))
      await turns(20)
      wire.reset(port)
      await closedOf(bench)
    },
  },
  {
    id: 'F15',
    title: 'a link that is slow, loses and cuts small delivers every byte, in order, once [R4]',
    sides: ENDS,
    needs: 'namespace',
    causes: ['Finished'],
    run: async (bench) => {
      wire.lossy(bench)
      wire.tiny(bench)
      const { connection } = await over(bench)
      const bytes = randomBytes(2 << 20)
      const pieces = function* () {
        for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
      }
      let answer = ''
      connection.data$.subscribe((chunk) => (answer += Buffer.from(chunk).toString()))
      fromIterable(pieces())
        .pipe(writeTo(connection))
        .subscribe({ error: () => undefined })
      await closedOf(bench)
      assert.equal(answer, createHash('sha1').update(bytes).digest('hex'))
    },
  },
]
