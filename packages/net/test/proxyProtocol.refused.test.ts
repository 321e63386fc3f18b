import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import type { ProxyAcceptOptions } from '../src/index.ts'
import { monotonicScheduler } from '../src/internal/time/monotonic.ts'
import { proxyStage } from '../src/internal/server/stages/proxyStage.ts'
import { handedOn, refusedFor, staging } from './proxyProtocolArrivals.ts'
import { client, server, written } from './proxyProtocolCases.ts'
import { everything, HOST, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const HEADER = written({ source: client, destination: server }).bytes

describe('a trusted peer without a valid header is refused, and its socket destroyed', () => {
  it('at the first byte that no header has [R19]', async () => {
    const { arrive, clock } = await staging()
    const { peer, at } = await arrive()
    peer.write('G')
    const error = await refusedFor(at)
    expect(error).toMatchObject({ _tag: 'ProxyHeaderFailed', reason: 'malformed', remote: { address: '127.0.0.1' } })
    expect(error.cause).toMatchObject({ _tag: 'Malformed', at: 0 })
    expect(error.message).toBe(
      'no PROXY header: the stream has a byte that no PROXY header has there at offset 0: 47 |G|',
    )
    expect(at.socket.destroyed).toBe(true)
    expect(clock.actions).toEqual([])
  })

  it('where the header is over the limit [R16]', async () => {
    const { arrive } = await staging({ maxHeaderBytes: 200 })
    const { peer, at } = await arrive()
    peer.write(Buffer.concat([HEADER.subarray(0, 14), Buffer.from([0, 200])]))
    expect(await refusedFor(at)).toMatchObject({ reason: 'malformed', cause: { _tag: 'TooLong', announced: 216 } })
  })

  it('where it ends inside its header, or before it [R13]', async () => {
    const { arrive } = await staging()
    for (const got of [0, 1, 20]) {
      const { peer, at } = await arrive()
      peer.end(HEADER.subarray(0, got))
      const cause = { _tag: 'Truncated', phase: got === 0 ? 'PROXY header' : (expect.anything() as unknown), got }
      expect(await refusedFor(at)).toMatchObject({ reason: 'truncated', cause })
      await expect(everything(peer)).resolves.toBe('')
    }
  })

  it('where all that came is there already, and the end with it [R13]', async () => {
    const { stage } = await staging({ trusted: ['192.0.2.1'], headerMs: Infinity })
    const wire = new Wire()
    wire.give(HEADER.subarray(0, 20))
    wire.fin()
    await turns()
    const errors: Error[] = []
    stage(
      { duplex: wire, remote: client, milestones: [] },
      () => undefined,
      (error) => errors.push(error),
    )
    await until('refused', () => errors.length !== 0)
    expect(errors).toMatchObject([{ reason: 'truncated', cause: { got: 20 } }])
  })

  it('where its header is not whole in time, however it drips [R21][R22]', async () => {
    const { arrive, clock } = await staging({ headerMs: 1_000 })
    const { peer, at } = await arrive()
    for (const byte of HEADER.subarray(0, 10)) {
      peer.write(Uint8Array.of(byte))
      await turns(2)
      clock.advance(100)
      expect(at.outcomes).toEqual([])
    }
    // what is pending is read before the deadline is believed
    clock.advance(1)
    expect(await refusedFor(at)).toMatchObject({ reason: 'timedOut' })
    expect(at.socket.destroyed).toBe(true)
  })

  it('not where its header came in time and was not looked at yet [R22]', async () => {
    const { arrive } = await staging({ trusted: [], untrusted: 'pass' })
    const { peer, at } = await arrive()
    const { duplex } = await handedOn(at)
    const stage = proxyStage('listen()', { trusted: ['127.0.0.1'], headerMs: 1 }, monotonicScheduler)
    const outcomes: unknown[] = []
    const tell = (outcome: unknown): void => {
      outcomes.push(outcome)
    }
    stage({ duplex, milestones: [] }, tell, tell)
    peer.write(HEADER)
    // the loop stalls for longer than the deadline, and the header waits in the kernel
    const stalled = performance.now() + 20
    while (performance.now() < stalled);
    await until('an outcome', () => outcomes.length !== 0)
    expect(outcomes).toMatchObject([{ remote: client }])
  })

  it('where it is reset', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.write(HEADER.subarray(0, 3))
    await turns()
    peer.resetAndDestroy()
    expect(await refusedFor(at)).toMatchObject({ reason: 'closed', cause: { code: 'ECONNRESET' } })
  })

  it('where it was gone before anybody looked', async () => {
    const { arrive, stage } = await staging({ headerMs: Infinity })
    const { at } = await arrive()
    at.stop()
    await turns()
    const errors: Error[] = []
    stage(
      { duplex: at.socket, milestones: [] },
      () => undefined,
      (error) => errors.push(error),
    )
    await until('refused', () => errors.length !== 0)
    expect(errors).toMatchObject([{ reason: 'closed' }])
  })

  it('where nobody can say any more who it was, also if others pass', async () => {
    const { port, staged } = await staging({ untrusted: 'pass' })
    const script = `const c = require('node:net').connect(${String(port)}, '${HOST}', () => c.write('PROXY UNKNOWN\\r\\n', () => c.resetAndDestroy()))` // prettier-ignore
    // while this waits, nobody accepts
    spawnSync(process.execPath, ['-e', script])
    await until('an outcome', () => staged[0]?.outcomes.length === 1)
    expect(staged[0]?.outcomes).toMatchObject([{ _tag: 'ProxyHeaderFailed', reason: 'closed', remote: undefined }])
  })

  it('also in the moment between its header and the connection', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    at.socket.on('readable', () => {
      at.socket.destroy(new Error('now'))
    })
    peer.write(HEADER)
    expect(await refusedFor(at)).toMatchObject({ reason: 'closed' })
    expect(at.outcomes).toHaveLength(1)
  })
})

describe('an untrusted peer is refused', () => {
  it('unread, whatever it sends', async () => {
    const { arrive } = await staging({ trusted: ['192.0.2.0/24'] })
    const { peer, at } = await arrive()
    expect(await refusedFor(at)).toMatchObject({ reason: 'untrusted', remote: { address: '127.0.0.1' } })
    expect(at.socket.bytesRead).toBe(0)
    await everything(peer).catch(() => undefined)
  })

  it('over a Unix socket too, where only addresses are trusted', async () => {
    const { arrive } = await staging({ trusted: ['0.0.0.0/0', '::/0'] }, socketPath())
    const { at } = await arrive()
    expect(await refusedFor(at)).toMatchObject({ reason: 'untrusted', remote: { family: 'unix' } })
  })
})

describe('a stage that is stopped', () => {
  it('breaks off at any moment, tells nothing, and leaves nothing [R14]', async () => {
    const { arrive, clock } = await staging()
    for (const bytes of [0, 1, 20, 28]) {
      for (const wait of [0, 1, 5]) {
        const { peer, at } = await arrive()
        peer.write(HEADER.subarray(0, bytes))
        await turns(wait)
        if (at.outcomes.length !== 0) continue
        at.stop()
        await turns()
        expect(at.outcomes).toEqual([])
        expect(at.socket.destroyed).toBe(true)
        at.stop()
      }
    }
    expect(clock.actions).toEqual([])
  })

  it('after it handed on changes nothing', async () => {
    const { arrive } = await staging()
    const { peer, at } = await arrive()
    peer.write(HEADER)
    await handedOn(at)
    at.stop()
    expect(at.socket.destroyed).toBe(false)
  })
})

describe('WrongOption', () => {
  const wrong: Readonly<Record<string, Partial<ProxyAcceptOptions>>> = {
    'an entry that is no address': { trusted: ['localhost'] },
    'no time': { headerMs: 0 },
    'no version': { versions: [] },
    'a limit under a line': { maxHeaderBytes: 64 },
  }
  it.each(Object.entries(wrong))('is thrown at construction for %s [R16][R27]', (_name, options) => {
    const make = () => proxyStage('listen()', { trusted: [], ...options }, monotonicScheduler)
    expect(make).toThrow(expect.objectContaining({ _tag: 'WrongOption', message: expect.stringMatching(/^listen\(\)/) as string })) // prettier-ignore
  })
})
