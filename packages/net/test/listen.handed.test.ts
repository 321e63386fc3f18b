import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { lines } from '@sluice/protocol'
import { lastValueFrom, map, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Listener } from '../src/index.ts'
import { listen, serve } from '../src/index.ts'
import { everything, HOST, listening, peerOf, portOf } from './support/loopback.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { program } from './support/program.ts'

nothingLeft()

const shout = serve<string, string>(lines(), map((line) => line.toUpperCase())) // prettier-ignore

const works = async (listener: Listener): Promise<void> => {
  of(listener).pipe(shout).subscribe()
  const peer = await peerOf(listener)
  peer.end('hello\n')
  expect(await everything(peer)).toBe('HELLO\n')
}

/** A server that somebody else has bound. */
const bound = async () => {
  const server = createServer().listen(0, HOST)
  await once(server, 'listening')
  afterwards(() => {
    server.close()
  })
  return { server, port: (server.address() as AddressInfo).port }
}

describe('listen on what somebody else has bound', () => {
  it('takes a server over, and knows where that is', async () => {
    const { server, port } = await bound()
    const listener = await listening({ handle: server })
    expect(portOf(listener)).toBe(port)
    await works(listener)
  })

  it.skipIf(process.platform !== 'linux')('takes a descriptor that was handed down (Linux only)', async () => {
    const child = await program('handedDown')
    const port = Number(await child.line('listening'))
    const peer = await peerOf(port)
    peer.end('hello\n')
    expect(await everything(peer)).toBe('HELLO\n')
    expect(await child.exit).toEqual({ code: 0, signal: null })
  })

  it('fails with ListenFailed for a descriptor that is none of a socket', async () => {
    await expect(lastValueFrom(listen({ fd: 9_999 }))).rejects.toMatchObject({
      _tag: 'ListenFailed',
      target: 'descriptor 9999',
    })
  })

  it('fails with ListenFailed for a server that is closed already', async () => {
    const { server } = await bound()
    server.close()
    await once(server, 'close')
    await expect(lastValueFrom(listen({ handle: server }))).rejects.toMatchObject({
      _tag: 'ListenFailed',
      target: 'a handle',
    })
  })
})
