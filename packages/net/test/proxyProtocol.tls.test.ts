import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { connect, TLSSocket } from 'node:tls'
import { drip } from '@sluice/testing'
import { describe, expect, it } from 'vitest'
import { handedOn, staging } from './proxyProtocolArrivals.ts'
import { client, server, written } from './proxyProtocolCases.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'

nothingLeft()

const HEADER = written({ source: client, destination: server }).bytes

/** A key both sides know, so that no certificate is needed. */
const KEY = { ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const
const psk = Buffer.alloc(16, 7)
const asServer = { ...KEY, isServer: true, pskCallback: () => psk }
const asClient = { ...KEY, pskCallback: () => ({ psk, identity: 'client' }), checkServerIdentity: () => undefined }

/** A stream whose output is held back until `release` gives it out. */
const holding = (raw: Duplex) => {
  let held: Buffer[] | null = []
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      if (held === null) raw.write(chunk, done)
      else {
        held.push(chunk)
        done()
      }
    },
  })
  raw.on('data', (chunk: Buffer) => stream.push(chunk))
  const release = (): Buffer => {
    const all = Buffer.concat(held ?? [])
    held = null
    return all
  }
  return { stream, release }
}

describe('TLS behind a PROXY header', () => {
  it.each([
    ['fused with the hello of the client', (all: Buffer) => [all]],
    ['in pieces of one byte, the hello too', (all: Buffer) => drip(all)],
  ])('finds its handshake, %s [R4]', async (_name, cut) => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    const { stream, release } = holding(peer)
    const secure = connect({ ...asClient, socket: stream })
    afterwards(() => secure.destroy())
    await turns()
    for (const piece of cut(Buffer.concat([HEADER, release()]))) {
      peer.write(piece)
      await turns(1)
    }
    expect(await handedOn(at)).toMatchObject({ duplex: at.socket, remote: client })
    const inner = new TLSSocket(at.socket, asServer)
    afterwards(() => inner.destroy())
    inner.on('data', (bytes: Buffer) => inner.write(bytes.toString().toUpperCase()))
    await once(secure, 'secureConnect')
    secure.write('hello')
    expect(String((await once(secure, 'data'))[0])).toBe('HELLO')
  })
})
