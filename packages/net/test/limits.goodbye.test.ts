import { describe, expect, it } from 'vitest'
import type { Goodbye, RefusalReason } from '../src/index.ts'
import { come, told } from './support/guests.ts'
import { dial, everything, listening, peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns, until } from './support/turns.ts'
import { VirtualClock } from './support/virtualClock.ts'

nothingLeft()

/** A listener that has room for nobody any more. */
const full = async (goodbye: Goodbye, clock?: VirtualClock) => {
  const scheduler = clock === undefined ? {} : { scheduler: clock }
  const listener = await listening({ maxConnections: 1, goodbye, ...scheduler })
  listener.connections$.subscribe()
  await come(listener, 1)
  return listener
}

describe('goodbye', () => {
  const reasons: RefusalReason[] = []
  const kinds: Readonly<Record<string, Goodbye>> = {
    'a text': 'full: connections\n',
    bytes: Buffer.from('full: connections\n'),
    'what a function makes of the reason': (reason) => {
      reasons.push(reason)
      return `full: ${reason}\n`
    },
  }
  for (const [kind, goodbye] of Object.entries(kinds)) {
    it(`is told to who is refused, and then the end: ${kind} [R24]`, async () => {
      const peer = dial(await full(goodbye))
      expect(await everything(peer)).toBe('full: connections\n')
    })
  }

  it('arrives also where the peer has said something nobody reads [R11]', async () => {
    const listener = await full('full\n')
    for (let i = 0; i < 20; i++) {
      const peer = dial(listener)
      peer.write('hello\n'.repeat(1_000))
      expect(await everything(peer)).toBe('full\n')
      peer.end()
    }
  })

  it('is nothing where the function has no words, or fails: the refusal stands [R27]', async () => {
    for (const goodbye of [
      () => undefined,
      () => {
        throw new Error('no words')
      },
    ] satisfies Goodbye[]) {
      // prettier-ignore
      expect(await everything(dial(await full(goodbye)))).toBe('')
    }
  })

  it('waits no longer than a second for who does not end [R11]', async () => {
    const clock = new VirtualClock()
    const listener = await full('full\n', clock)
    const peer = await peerOf(listener)
    expect(await everything(peer)).toBe('full\n')
    clock.advance(999)
    await turns(20)
    expect(peer.write('still here')).toBe(true)
    await turns(20)
    expect(peer.destroyed).toBe(false)
    clock.advance(1)
    // who has read the end sees a reset only in what he writes
    await until('broken off', () => !peer.write('still here') || peer.destroyed)
  })

  it('waits for no more than 256 at once: no pile of refused ones [R24]', async () => {
    const clock = new VirtualClock()
    const listener = await full('full\n', clock)
    const events = told(listener)
    const peers = await Promise.all(Array.from({ length: 300 }, () => peerOf(listener)))
    await until('all refused', () => events.length === 300)
    const sockets = (): number => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
    // both ends are in this process: 300 peers, the one that is in, with its peer, and those that read their goodbye
    await until('the rest is gone', () => sockets() <= 300 + 2 + 256)
    expect(await Promise.all(peers.map(everything))).toEqual(Array.from({ length: 300 }, () => 'full\n'))
  })
})
