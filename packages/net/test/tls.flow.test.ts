import { createHash } from 'node:crypto'
import { lines } from '@sluice/protocol'
import { firstValueFrom, from, map, of, range } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, Handler } from '../src/index.ts'
import { speak, writeTo } from '../src/index.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { tlsClientPair, tlsPair, tlsServerPair } from './support/tls.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const MOST = 262_144

const hashOf = async (connection: Connection): Promise<string> => {
  const hash = createHash('sha256')
  await connection.data$.forEach((chunk) => void hash.update(chunk))
  return hash.digest('hex')
}

/** Bytes that are not all the same, so that none can be missing unseen. */
const noise = (bytes: number): Uint8Array => {
  const all = new Uint8Array(bytes)
  for (let i = 0; i < bytes; i++) all[i] = (i * 2_654_435_761) >>> 24
  return all
}

describe('big transfers over TLS', () => {
  it('arrive whole, both ways at once [R4][R6]', async () => {
    const { client, server } = await tlsPair()
    const sent = noise(12_000_000)
    const expected = createHash('sha256').update(sent).digest('hex')
    const chunks = Array.from({ length: 120 }, (_, i) => sent.subarray(i * 100_000, (i + 1) * 100_000))
    const hashes = [hashOf(client), hashOf(server)]
    for (const side of [client, server]) {
      from(paced(side, chunks)).subscribe({ error: () => undefined })
    }
    expect(await Promise.all(hashes)).toEqual([expected, expected])
    for (const side of [client, server]) {
      expect((await closing(side)).cause).toEqual({ _tag: 'Finished' })
      expect(side.figures).toMatchObject({ bytesRead: 12_000_000, bytesWritten: 12_000_000, bytesUnsent: 0 })
    }
  })

  it('of small messages too [R4][R6]', async () => {
    const { client, server } = await tlsPair()
    const shout: Handler<string, string> = (in$) => in$.pipe(map((line) => line.toUpperCase()))
    const talk = firstValueFrom(of(server).pipe(speak(lines(), shout)))
    const got: string[] = []
    const asks: Handler<string, string> = (in$) => {
      in$.subscribe({ next: (line) => got.push(line), error: () => undefined })
      return range(0, 5_000).pipe(map((n) => `line ${String(n)}`))
    }
    const asked = await firstValueFrom(of(client).pipe(speak(lines(), asks)))
    expect(asked.cause).toEqual({ _tag: 'Finished' })
    expect(got).toEqual(Array.from({ length: 5_000 }, (_, n) => `LINE ${String(n)}`))
    expect((await talk).cause).toEqual({ _tag: 'Finished' })
  })
})

describe('backpressure over TLS', () => {
  it('a peer that does not read holds the source: what waits is bounded [R3][R7]', async () => {
    const { client, server } = await tlsPair({}, undefined, { maxUnsentBytes: MOST, highWaterMark: 65_536 })
    const { connection: source, peer } = await tlsServerPair()
    source.data$.pipe(writeTo(client)).subscribe({ error: () => undefined })
    let most = 0
    client.events$.subscribe(() => (most = Math.max(most, client.unsentBytes)))
    source.events$.subscribe(() => (most = Math.max(most, client.unsentBytes)))
    const all = noise(24_000_000)
    peer.end(all)
    await until('the hold', () => source.paused && client.full)
    await turns(100)
    const held = source.figures.bytesRead
    await turns(100)
    expect(source.figures.bytesRead).toBe(held)
    expect(held).toBeLessThan(24_000_000)
    const hash = hashOf(server)
    await until('the end', () => source.remoteEnded)
    await until('all sent', () => client.unsentBytes === 0)
    client.end()
    expect(await hash).toBe(createHash('sha256').update(all).digest('hex'))
    expect(most).toBeLessThanOrEqual(MOST)
  })

  it('a peer that does not read is put out, where that is chosen [R7][R10]', async () => {
    for (const pair of [tlsClientPair, tlsServerPair]) {
      const { connection } = await pair({ whenFull: 'fail', maxUnsentBytes: 100_000 })
      const flood: Handler<string, string> = () => range(0, 10_000_000).pipe(map(() => 'x'.repeat(30)))
      const { cause, figures } = await firstValueFrom(of(connection).pipe(speak(lines(), flood)))
      expect(cause).toMatchObject({ _tag: 'Overflowed', limit: 100_000 })
      expect((figures.bytesWritten + figures.bytesUnsent) % 31).toBe(0)
    }
  })

  it('reads nothing before somebody subscribes, and little while nobody does [R1]', async () => {
    const { connection, peer } = await tlsServerPair()
    peer.write(Buffer.alloc(8_000_000))
    await turns(50)
    expect(connection.figures.bytesRead).toBe(0)
    expect(peer.writableLength).toBeGreaterThan(0)
    const first = await firstValueFrom(connection.data$)
    await turns(50)
    expect(connection.figures.bytesRead).toBeLessThan(first.length + 262_144)
  })
})

/** Writes each where there is room, then ends. */
async function* paced(connection: Connection, chunks: readonly Uint8Array[]): AsyncGenerator<void> {
  for (const chunk of chunks) {
    while (connection.full) await turns(1)
    connection.write(chunk)
    yield
  }
  connection.end()
}
