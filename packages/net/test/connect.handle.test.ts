import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { firstValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectOptions } from '../src/index.ts'
import { connect } from '../src/index.ts'
import { closing, connected, HOST, next, peerOf, plainServer, socketPath } from './support/loopback.ts'
import { memoryPair } from './support/memoryPair.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ca, tlsServer } from './support/tls.ts'
import { turns } from './support/turns.ts'

const missing = spawnSync('mkfifo', ['--version']).error !== undefined

nothingLeft()

const failure = async (options: ConnectOptions): Promise<unknown> =>
  firstValueFrom(connect(options)).then(
    () => 'connected',
    (error: unknown) => error,
  )

const only = { host: undefined as never }

describe('connect to a handle', () => {
  it('takes a socket that is connected, with its addresses', async () => {
    const { port, accepted } = await plainServer()
    const handle = await peerOf(port)
    const connection = await connected({ ...only, handle })
    expect(connection.remote).toEqual({ family: 'IPv4', address: HOST, port })
    const peer = await accepted
    connection.write(Buffer.from('hello'))
    expect(await next(peer.resume(), 5)).toBe('hello')
  })

  it('waits for a socket that is on its way, within connectMs [R21]', async () => {
    const { port } = await plainServer()
    const handle = new Socket().connect(port, HOST)
    const connection = await connected({ ...only, handle })
    expect(connection.remote?.port).toBe(port)
    expect(await failure({ handle: new Socket(), connectMs: 1 })).toMatchObject({ code: 'TIMEOUT' })
  })

  it('takes any stream, and TLS goes over it', async () => {
    const { port, next: accepted } = await tlsServer()
    const tunnel = await peerOf(port)
    const connection = await connected({ ...only, handle: tunnel, tls: { ca: ca.cert, servername: 'localhost' } })
    const server = await accepted()
    server.write(Buffer.from('hello'))
    expect(Buffer.from(await firstValueFrom(connection.data$)).toString()).toBe('hello')
    const [near, far] = memoryPair()
    const other = await connected({ ...only, handle: near })
    far.write('hello')
    expect(Buffer.from(await firstValueFrom(other.data$)).toString()).toBe('hello')
    other.abort()
    far.destroy()
  })

  it('is there once: again, or closed already, it is ConnectFailed EBADF [R26]', async () => {
    const handle = new PassThrough()
    const connecting$ = connect({ handle })
    const connection = await new Promise((resolve) => connecting$.subscribe(resolve))
    expect(connection).toHaveProperty('remote.family', 'other')
    await expect(firstValueFrom(connecting$)).rejects.toMatchObject({ _tag: 'ConnectFailed', code: 'EBADF' })
    handle.destroy()
    const closed = new PassThrough()
    closed.destroy()
    expect(await failure({ handle: closed })).toMatchObject({ code: 'EBADF' })
  })

  it('is left alone before subscription, and destroyed with it [R14][R26]', async () => {
    const { port } = await plainServer()
    const handle = await peerOf(port)
    const connecting$ = connect({ handle })
    await turns()
    expect(handle.destroyed).toBe(false)
    connecting$.subscribe().unsubscribe()
    expect(handle.destroyed).toBe(true)
  })
})

describe('connect to a descriptor', () => {
  it.skipIf(missing)(`takes an open one${missing ? ' (skipped: mkfifo is missing here)' : ''}`, async () => {
    const path = socketPath()
    spawnSync('mkfifo', [path])
    // open both ways, it gives back what it is given
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
    const connection = await connected({ ...only, fd })
    connection.write(Buffer.from('hello'))
    expect(Buffer.from(await firstValueFrom(connection.data$)).toString()).toBe('hello')
    connection.abort()
    await closing(connection)
  })

  it('that is closed, or no socket, is ConnectFailed with the code of the system', async () => {
    const fd = openSync('/dev/null', 'r')
    expect(await failure({ fd })).toMatchObject({ _tag: 'ConnectFailed', code: expect.stringMatching(/^E/) as string })
    closeSync(fd)
    expect(await failure({ fd: 1_000_000 })).toMatchObject({ _tag: 'ConnectFailed', target: 'descriptor 1000000' })
  })
})
