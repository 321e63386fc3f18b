import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WrongOption } from '@sluice/protocol'
import { Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Departure, ScriptedPeerOptions, Script } from '../src/index.ts'
import { leakCheck, script, ScriptBroken, scriptedPeer } from '../src/index.ts'
import type { Ear } from './support/proxied.ts'
import { dial, plainServer } from './support/proxied.ts'
import { turns, until, VirtualClock } from './support/sluggish.ts'

/** How a script goes with a client that does this. */
const departed = async (
  steps: Script,
  play: (client: Ear) => unknown,
  options: ScriptedPeerOptions = {},
): Promise<ScriptBroken | null> => {
  await using peer = await scriptedPeer(steps, options)
  const client = await dial(peer.port)
  play(client)
  const error: unknown = await peer.done.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error === null || error instanceof ScriptBroken) return error
  throw new Error('it is no departure', { cause: error })
}

const departure = async (...args: Parameters<typeof departed>): Promise<[number, Departure]> => {
  const broken = await departed(...args)
  if (broken === null) throw new Error('the script was kept to')
  return [broken.at, broken.departure]
}

const conversation = script.write('220 hi\r\n').read('EHLO x\r\n').write('250 ok\r\n').end().readEnd()

describe('scriptedPeer()', () => {
  it('keeps to its script with who keeps to it, however bytes are cut', async () => {
    await using peer = await scriptedPeer(conversation)
    const client = await dial(peer.port)
    await client.hears('220 hi\r\n')
    client.socket.write('EHL')
    await turns()
    client.socket.end('O x\r\n')
    expect(await client.over()).toBe('220 hi\r\n250 ok\r\n end')
    await peer.done
  })

  it('plays the client as well, and over a Unix socket', async () => {
    const { port, ears } = await plainServer()
    await using peer = await scriptedPeer(script.write('ping').read('pong').reset(), { role: 'client', port })
    await until('it', () => ears[0]?.text === 'ping')
    ears[0]?.socket.write('pong')
    await peer.done
    expect(await ears[0]?.over()).toBe('ping reset')
    const folder = mkdtempSync(join(tmpdir(), 'script-'))
    try {
      const path = join(folder, 's')
      await using server = await scriptedPeer(script.write('ping').read('pong'), { path })
      await using client = await scriptedPeer(script.read('ping').write('pong'), { role: 'client', path })
      await Promise.all([server.done, client.done])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('sees other bytes at the first that differs, and draws it', async () => {
    const broken = await departed(conversation, ({ socket }) => socket.write('EHLO y\r\n'))
    expect(broken).toMatchObject({ at: 1, departure: { _tag: 'Bytes', offset: 5 } })
    expect(broken?.message).toBe(
      [
        'the script was left at step 2 of 5',
        '',
        '✓ write "220 hi\\r\\n"',
        '✗ read  "EHLO x\\r\\n"',
        '  got   "EHLO y\\r\\n"',
        '              ^',
        '  write "250 ok\\r\\n"',
        '  end',
        '  read  the end',
      ].join('\n'),
    )
    const binary = await departed(script.read(Buffer.from([0, 1, 2])), ({ socket }) =>
      socket.write(Buffer.from([0, 9])),
    )
    expect(binary?.message).toMatch(/✗ read {2}00 01 02\n {2}got {3}00 09\n {11}\^$/)
    const long = await departed(script.read(`${'x'.repeat(1000)}abc`), ({ socket }) =>
      socket.write(`${'x'.repeat(1000)}aBc`),
    )
    expect(long?.message).toMatch(/✗ read {2}"…x+abc"\n {2}got {3}"…x+aBc"\n {26}\^$/)
  })

  it('sees an end and a reset where bytes or the other are due', async () => {
    const end = await departure(script.read('hello'), ({ socket }) => socket.end('hel'))
    expect(end).toEqual([0, { _tag: 'End', bytes: Buffer.from('hel') }])
    const reset = await departure(script.write('x').read('hello'), ({ socket }) =>
      socket.once('data', () => socket.resetAndDestroy()),
    )
    expect(reset).toMatchObject([1, { _tag: 'Reset' }])
    const instead = await departure(script.readEnd(), ({ socket }) => socket.resetAndDestroy())
    expect(instead).toMatchObject([0, { _tag: 'Reset' }])
    const bytes = await departure(script.readEnd(), ({ socket }) => socket.write('more'))
    expect(bytes).toMatchObject([0, { _tag: 'Bytes' }])
    await departed(script.write('x').readReset(), ({ socket }) => socket.once('data', () => socket.resetAndDestroy()))
  })

  it('sees bytes behind its last step', async () => {
    const broken = await departed(script.read('hello'), ({ socket }) => socket.write('hello again'))
    expect(broken?.message).toBe('the script was left behind its last step\n\n✓ read  "hello"\n✗ got   " again"')
  })

  it('waits for so long and no longer, on the scheduler it is given', async () => {
    const scheduler = new VirtualClock()
    await using peer = await scriptedPeer(script.wait(100).write('late').read('never'), { scheduler, withinMs: 50 })
    const client = await dial(peer.port)
    await turns()
    scheduler.advance(99)
    await turns()
    expect(client.text).toBe('')
    scheduler.advance(1)
    await client.hears('late')
    await turns()
    scheduler.advance(50)
    await expect(peer.done).rejects.toMatchObject({ at: 2, departure: { _tag: 'Nothing', afterMs: 50 } })
    expect(await client.over()).toMatch(/^late/)
  })

  it('waits for events, and says if they fail', async () => {
    const [event$, failed$] = [new Subject<void>(), new Subject<void>()]
    const steps = script
      .until('the event', () => event$)
      .write('x')
      .until('the other', () => failed$)
    await using peer = await scriptedPeer(steps)
    const client = await dial(peer.port)
    await until('it', () => event$.observed)
    event$.next()
    await client.hears('x')
    await until('it', () => failed$.observed)
    failed$.error(new Error('its own'))
    await expect(peer.done).rejects.toThrow('until the other\n  got   Error: its own')
  })

  it('does not read while it has something else to do: what comes backs up', async () => {
    const event$ = new Subject<void>()
    const much = Buffer.alloc(8_000_000, 'x')
    await using peer = await scriptedPeer(script.until('the event', () => event$).read(much))
    const client = await dial(peer.port)
    client.socket.write(much)
    await turns(200)
    expect(client.socket.writableLength).toBeGreaterThan(0)
    event$.next()
    await peer.done
  })

  it('says that it was closed before it was done, and leaves nothing behind [R14]', async () => {
    await leakCheck(async () => {
      const alone = await scriptedPeer(script.read('x'))
      await alone.close()
      await alone.close()
      await expect(alone.done).rejects.toMatchObject({ at: 0, departure: { _tag: 'Stopped' } })
      const peer = await scriptedPeer(script.read('xyz'))
      const client = await dial(peer.port)
      const gone = once(client.socket, 'close')
      client.socket.on('end', () => client.socket.end()).write('x')
      await turns()
      await peer.close()
      await gone
      await expect(peer.done).rejects.toThrow('got   "x", and then nothing until the peer was closed')
    })
  })

  it('refuses what cannot be', async () => {
    expect(() => script.wait(-1)).toThrow(WrongOption)
    await expect(scriptedPeer(script, { withinMs: 0 })).rejects.toThrow(WrongOption)
    await expect(scriptedPeer(script, { role: 'client' })).rejects.toThrow(WrongOption)
    await expect(scriptedPeer(script, { role: 'client', port: 1 })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
