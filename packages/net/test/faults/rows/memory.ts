import assert from 'node:assert/strict'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { copied, delimited, lines } from '@sluice/protocol'
import { concatMap, ignoreElements, merge, NEVER, of, tap } from 'rxjs'
import type { Handler } from '../../../src/index.ts'
import { decode, mapAsync, speak, switchTo } from '../../../src/index.ts'
import { turns } from '../../support/turns.ts'
import { HOST, protocol } from '../bench.ts'
import { Peer } from '../peer.ts'
import type { Row } from '../row.ts'
import { until } from '../until.ts'

const BOTH = { sides: ['client', 'server'], carriers: ['tcp', 'tls'] } as const
const KIB = 1_024

/** Bytes in buffers that somebody still holds. */
const heldBytes = async (): Promise<number> => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let i = 0; i < 3; i++) {
    collect()
    await turns(2)
  }
  return process.memoryUsage().arrayBuffers
}

export const memory: readonly Row[] = [
  {
    id: 'F45',
    title: 'a fast source and a consumer that takes nothing: reading stops, and what was read has a bound [R3]',
    ...BOTH,
    causes: ['Aborted'],
    run: async (bench) => {
      const stuck: Handler<string, string> = (in$) => merge(in$.pipe(mapAsync(1, () => NEVER)), NEVER)
      const { peer, connection, heard } = await bench.talk({}, stuck)
      peer.write(`${'x'.repeat(99)}\n`.repeat(300_000))
      await until('the pause', () => heard.length === 1 && connection.paused)
      await turns(50)
      assert.equal(heard.length, 1)
      assert.ok(connection.figures.bytesRead <= 128 * KIB)
      connection.abort()
      peer.raw.destroy()
      await turns(20)
    },
  },
  {
    id: 'F46',
    title: 'a few bytes kept of each chunk do not keep the chunk, where the protocol copies [R20]',
    sides: ['client', 'server'],
    causes: ['Finished'],
    run: async (bench) => {
      const COUNT = 300
      const { connection, peer } = await bench.pair()
      const before = await heldBytes()
      const kept: Uint8Array[] = []
      let ended = false
      const messages = copied(lines({ encoding: 'bytes', maxFrameBytes: 64 * KIB }))
      connection.data$.pipe(decode(messages)).subscribe({
        next: (line) => {
          if (line.length < 100) kept.push(line)
        },
        complete: () => {
          ended = true
          connection.end()
        },
      })
      for (let i = 0; i < COUNT; i++) await peer.written(`kept ${String(i)}\n${'x'.repeat(60_000)}\n`)
      peer.end()
      await until('the end', () => ended)
      assert.equal(kept.length, COUNT)
      const grown = (await heldBytes()) - before
      assert.ok(grown < 1_000 * KIB, `${String(grown)} bytes are held`)
      assert.equal(Buffer.from(kept[7] ?? []).toString(), 'kept 7')
      peer.read()
      await until('the end', () => connection.localEnded)
      await turns()
    },
  },
  {
    id: 'F47',
    title: 'a frame stays as it was given, whatever comes after it [R20]',
    ...BOTH,
    causes: ['Finished'],
    run: async (bench) => {
      const { connection, peer } = await bench.pair()
      const kept: (readonly [frame: Uint8Array, copy: string])[] = []
      let ended = false
      connection.data$.pipe(decode(lines({ encoding: 'bytes' }))).subscribe({
        next: (line) => kept.push([line, Buffer.from(line).toString()]),
        complete: () => {
          ended = true
          connection.end()
        },
      })
      for (let i = 0; i < 2_000; i++) peer.write(`${String(i).repeat(100)}\n`)
      peer.end()
      peer.read()
      await until('the end', () => ended)
      assert.equal(kept.length, 2_000)
      for (const [frame, copy] of kept) assert.equal(Buffer.from(frame).toString(), copy)
      await until('the end', () => connection.localEnded)
      await turns()
    },
  },
  {
    id: 'F57',
    title: 'another protocol from the middle of a chunk on: each byte goes to one of them, once [R4]',
    ...BOTH,
    causes: ['Finished'],
    run: async (bench) => {
      const { connection, peer } = await bench.pair()
      const heard: string[] = []
      const rest: Handler<Uint8Array, Uint8Array> = (rest$) =>
        rest$.pipe(
          tap((part) => heard.push(Buffer.from(part).toString())),
          ignoreElements(),
        )
      const handler: Handler<string, string> = (in$, ours) =>
        in$.pipe(
          tap((line) => heard.push(line)),
          concatMap(() => switchTo(ours, delimited(';'), rest)),
        )
      const talk = of(connection).pipe(speak(protocol, handler)).subscribe()
      bench.afterwards(() => {
        talk.unsubscribe()
      })
      peer.end('first\nsecond;third;')
      await peer.text()
      assert.deepEqual(heard, ['first', 'second', 'third'])
      await turns()
    },
  },
  {
    id: 'F57',
    title: 'a PROXY header in one piece with the first message: the header is the header, the message is whole [R4]',
    sides: ['server'],
    causes: ['Finished'],
    run: async (bench) => {
      const { listener, next } = await bench.serving({ proxyProtocol: { trusted: [HOST] } })
      const peer = new Peer(bench.dial(listener.address.port ?? 0))
      peer.stream.end('PROXY TCP4 192.0.2.7 127.0.0.1 4711 80\r\nhello\nworld\n')
      assert.equal(await peer.text(), 'HELLO\nWORLD\n')
      const { connection, heard, closed } = await next()
      assert.deepEqual(heard, ['hello', 'world'])
      assert.equal(connection.remote?.address, '192.0.2.7')
      await closed
      bench.servings.length = 0
    },
  },
]
