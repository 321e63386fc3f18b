import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { ConnectOptions } from '../src/index.ts'
import { handlesOf } from './support/handles.ts'
import { connected, plainServer } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

/** What Node remembers it has told the system of our end; nobody can ask the system. */
const told = async (options: ConnectOptions, ...names: readonly string[]): Promise<unknown[]> => {
  const { port } = await plainServer()
  const { local } = await connected({ port, ...options })
  const socket = handlesOf(Socket).find(({ localPort, remotePort }) => localPort === local?.port && remotePort === port)
  if (socket === undefined) throw new Error('no such socket')
  return names.map((name): unknown => {
    const symbol = Object.getOwnPropertySymbols(socket).find(({ description }) => description === name)
    return symbol === undefined ? undefined : Reflect.get(socket, symbol)
  })
}

describe('the socket of connect()', () => {
  it('sends small segments at once, or lets the kernel join them', async () => {
    expect(await told({}, 'kSetNoDelay')).toEqual([true])
    expect(await told({ noDelay: false }, 'kSetNoDelay')).toEqual([false])
  })

  it('asks a silent server by TCP whether it lives, after 30 s or so long as is said, or never [R21]', async () => {
    const keepAlive = (options: ConnectOptions) => told(options, 'kSetKeepAlive', 'kSetKeepAliveInitialDelay')
    expect(await keepAlive({})).toEqual([true, 30])
    expect(await keepAlive({ keepAliveMs: 5_000 })).toEqual([true, 5])
    expect(await keepAlive({ keepAliveMs: Infinity })).toEqual([false, 0])
  })
})
