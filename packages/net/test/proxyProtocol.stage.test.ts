import { once } from 'node:events'
import { BlockList } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { chunkings, drip } from '@sluice/testing'
import fc from 'fast-check'
import { lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { addressSet, fromDuplex } from '../src/index.ts'
import type { Arrival } from '../src/internal/server/arrival.ts'
import { EARLIER, handedOn, proxiedOf, staging } from './proxyProtocolArrivals.ts'
import { announcement, client, forgetChecksum, hex, readBack, server, written } from './proxyProtocolCases.ts'
import { everything, socketPath } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const HEADER = written({ source: client, destination: server }).bytes

/** All that is read from what a stage handed on, up to its end. */
const rest = async ({ duplex }: Arrival): Promise<string> => {
  const connection = fromDuplex(duplex)
  const chunks = await lastValueFrom(connection.data$.pipe(toArray()))
  connection.end()
  return Buffer.concat(chunks).toString('latin1')
}

describe('a PROXY header of a trusted peer', () => {
  it('gives the connection the endpoints it announces, and says who announced them', async () => {
    const { arrive, clock } = await staging()
    const { peer, at } = await arrive()
    peer.write(HEADER)
    const arrival = await handedOn(at)
    expect(arrival).toMatchObject({ remote: client, local: server, milestones: [EARLIER, { _tag: 'Proxied' }] })
    expect(proxiedOf(arrival)).toMatchObject({ header: { source: client }, by: { address: '127.0.0.1' } })
    expect(proxiedOf(arrival).by?.port).toBe(at.socket.remotePort)
    // the deadline is given back
    expect(clock.actions).toEqual([])
  })

  it('leaves what is fused with it to the connection, each byte once [R4]', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.end(Buffer.concat([HEADER, Buffer.from('hello\n'), HEADER]))
    expect(await rest(await handedOn(at))).toBe(`hello\n${Buffer.from(HEADER).toString('latin1')}`)
  })

  it('comes in pieces of one byte as well as whole [R4]', async () => {
    const { arrive } = await staging({ versions: [1] })
    const { peer, at } = await arrive()
    for (const byte of drip(Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\nhi'))) {
      peer.write(byte)
      await turn()
    }
    peer.end()
    const arrival = await handedOn(at)
    expect(arrival).toMatchObject({ remote: client, local: server })
    expect(await rest(arrival)).toBe('hi')
  })

  it('is the beginning of the stream, however header and payload are cut [R4][R15]', async () => {
    const { arrive } = await staging()
    const cut = fc.tuple(announcement, fc.uint8Array({ maxLength: 40 })).chain(([one, payload]) => {
      const { bytes } = written(one)
      return chunkings(Buffer.concat([bytes, payload])).map((chunks) => ({ one, payload, chunks }))
    })
    const property = fc.asyncProperty(cut, async ({ one, payload, chunks }) => {
      const { peer, at } = await arrive()
      for (const chunk of chunks) {
        peer.write(chunk)
        if (chunks.length < 16) await turn()
      }
      peer.end()
      const arrival = await handedOn(at)
      const { source, destination } = readBack(one)
      expect(forgetChecksum(proxiedOf(arrival).header)).toEqual(readBack(one))
      expect([arrival.remote, arrival.local]).toEqual([source, destination])
      expect(await rest(arrival)).toBe(Buffer.from(payload).toString('latin1'))
    })
    await fc.assert(property, { numRuns: 200 })
    giveBack()
  })

  it('of a proxy that speaks for itself leaves the real endpoints', async () => {
    const { arrive } = await staging()
    for (const bytes of [hex('0d0a0d0a000d0a515549540a20000000'), Buffer.from('PROXY UNKNOWN\r\n')]) {
      const { peer, at } = await arrive()
      peer.write(bytes)
      const arrival = await handedOn(at)
      expect([arrival.remote, arrival.local]).toEqual([undefined, undefined])
      expect(proxiedOf(arrival).header.source).toBeUndefined()
    }
  })

  it('of a proxy that speaks for itself leaves also the endpoints that another proxy has announced', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.write(Buffer.concat([HEADER, Buffer.from('PROXY UNKNOWN\r\n')]))
    const first = await handedOn(at)
    const outcomes: (Arrival | Error)[] = []
    const tell = (outcome: Arrival | Error): void => {
      outcomes.push(outcome)
    }
    const trusting = await staging({ trusted: ['192.0.2.1'] })
    trusting.stage(first, tell, tell)
    await until('the second header', () => outcomes.length !== 0)
    expect(outcomes).toMatchObject([
      { remote: client, local: server, milestones: [EARLIER, { _tag: 'Proxied' }, { header: { source: undefined } }] },
    ])
  })

  it('is handed on paused, and the end behind it is told to who comes later [R1][R2]', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.end(HEADER)
    const { duplex } = await handedOn(at)
    await turns()
    expect([duplex.isPaused(), duplex.destroyed]).toEqual([true, false])
    expect(await rest({ duplex, milestones: [] })).toBe('')
    expect(await everything(peer)).toBe('')
  })

  it('leaves no listener on the socket', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.write(Buffer.concat([HEADER, Buffer.from('hello')]))
    const { duplex } = await handedOn(at)
    const own = new Set(['end', 'close', 'error'])
    expect(duplex.eventNames().filter((name) => !own.has(String(name)))).toEqual([])
    expect(duplex.listenerCount('error') + duplex.listenerCount('readable')).toBe(0)
    expect(duplex.listenerCount('close')).toBe(0)
  })
})

describe('who is trusted', () => {
  it('is known by address, network, BlockList or set', async () => {
    const list = new BlockList()
    list.addSubnet('127.0.0.0', 8)
    for (const trusted of [['127.0.0.1'], ['::1', '127.0.0.1-127.0.0.9'], list, addressSet(['127.0.0.0/8'])]) {
      const { arrive } = await staging({ trusted })
      const { peer, at } = await arrive()
      peer.write(HEADER)
      expect(await handedOn(at)).toMatchObject({ remote: client })
      giveBack()
    }
  })

  it('over a Unix socket is unix, where that is said', async () => {
    const { arrive } = await staging({ trusted: ['unix'] }, socketPath())
    const { peer, at } = await arrive()
    peer.write(HEADER)
    const arrival = await handedOn(at)
    expect(arrival).toMatchObject({ remote: client, milestones: [EARLIER, { by: { family: 'unix' } }] })
  })

  it('may be read as what the arrival says already, of one proxy behind another', async () => {
    const { stage } = await staging({ trusted: ['192.0.2.1'] })
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.write(HEADER)
    const first = await handedOn(at)
    const outcomes: (Arrival | Error)[] = []
    stage(
      first,
      (one) => outcomes.push(one),
      (one) => outcomes.push(one),
    )
    peer.write(Buffer.from('PROXY TCP4 203.0.113.7 198.51.100.1 1 2\r\n'))
    await until('the second header', () => outcomes.length !== 0)
    expect(outcomes).toMatchObject([
      { remote: { address: '203.0.113.7', port: 1 }, milestones: [EARLIER, {}, { by: client }] },
    ])
  })

  it('and pass is given to others, whose bytes go on as they are, a header too', async () => {
    const { arrive } = await staging({ trusted: [], untrusted: 'pass' })
    const { peer, at } = await arrive()
    peer.end(HEADER)
    const arrival = await handedOn(at)
    expect(arrival).toEqual({ duplex: at.socket, milestones: [EARLIER] })
    expect(await rest(arrival)).toBe(Buffer.from(HEADER).toString('latin1'))
    await once(peer.resume(), 'close')
  })
})
