import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { dial, everything, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import type { Program } from './support/program.ts'
import { program } from './support/program.ts'

nothingLeft()

const prlimit = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0
const without = prlimit ? '' : ' (left out: needs Linux and prlimit)'

/** How many descriptors a process has open. */
const open = ({ child }: Program): number => readdirSync(`/proc/${String(child.pid)}/fd`).length

/** Lets it have so many; the hard limit stays, so that it can have more again. */
const limit = ({ child }: Program, count: number): void => {
  execFileSync('prlimit', ['--pid', String(child.pid), `--nofile=${String(count)}:`])
}

const listeningProgram = async (descriptors: number) => {
  const server = await program('descriptors')
  await server.line('ready')
  limit(server, open(server) + descriptors)
  server.tell('listen')
  return { server, port: Number(await server.line('Listening')) }
}

const shouts = async (port: number): Promise<string> => {
  const peer = await peerOf(port)
  peer.end('hello\n')
  return everything(peer)
}

describe.skipIf(!prlimit)(`a listener in a process with few descriptors${without}`, () => {
  it('refuses before the last one is gone, says so once a back-off, and recovers [R24]', async () => {
    const { server, port } = await listeningProgram(40)
    const peers = []
    while (server.count('Refused descriptors') === 0) {
      peers.push(await peerOf(port))
      // both ends have seen it by now
      await sleep(2)
    }
    expect(server.count('Accepted')).toBeGreaterThan(10)
    expect(await server.line('AcceptFailed')).toBe('EMFILE')
    expect(await server.line('Suspended')).toBe('descriptors')
    // some were kept back, for the files and connections of the program itself
    const left = open(server)
    server.tell('exhaust')
    expect(Number(await server.line('exhausted'))).toBeGreaterThan(2)
    server.tell('release')
    await server.line('released')
    expect(open(server)).toBeLessThanOrEqual(left)
    for (const peer of peers.splice(0, 15)) peer.destroy()
    await server.line('Resumed descriptors')
    expect(await shouts(port)).toBe('HELLO\n')
    // who was in when it happened was not harmed
    const [earliest] = peers
    earliest?.end('still here\n')
    expect(earliest && (await everything(earliest))).toBe('STILL HERE\n')
  })

  it('finds out also where Node says nothing, because none at all is left, and recovers [R24]', async () => {
    const { server, port } = await listeningProgram(60)
    const early = await peerOf(port)
    await server.line('Accepted')
    server.tell('exhaust')
    await server.line('exhausted')
    // accepted with a spare one and closed: Node does not tell, and the peer sees an end
    expect(await everything(dial(port)).catch(() => 'reset')).toMatch(/^(reset)?$/)
    expect(await server.line('AcceptFailed')).toBe('EMFILE')
    server.tell('cpu')
    await server.line('cpu')
    await sleep(500)
    server.tell('cpu')
    expect(Number(await server.line('cpu', 2))).toBeLessThan(250)
    server.tell('release')
    await server.line('Resumed descriptors')
    expect(await shouts(port)).toBe('HELLO\n')
    early.end('still here\n')
    expect(await everything(early)).toBe('STILL HERE\n')
  })

  it('tells no more than a failure a back-off, however many come [R24]', async () => {
    const { server, port } = await listeningProgram(40)
    const came = await Promise.all(Array.from({ length: 200 }, () => peerOf(port)))
    await server.line('Refused descriptors', 100)
    expect(came).toHaveLength(200)
    expect(server.count('AcceptFailed')).toBeLessThan(server.count('Refused descriptors') / 5)
    expect(server.count('Accepted') + server.count('Refused')).toBeLessThanOrEqual(200)
  })

  it('sees that its limit was raised or lowered from outside', async () => {
    const { server, port } = await listeningProgram(200)
    expect(await shouts(port)).toBe('HELLO\n')
    limit(server, 8)
    expect(await server.line('AcceptFailed')).toBe('EMFILE')
    await server.line('Suspended descriptors')
    limit(server, 1_000)
    await server.line('Resumed descriptors')
    expect(await shouts(port)).toBe('HELLO\n')
  })
})
