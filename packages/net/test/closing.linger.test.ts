import { WrongOption } from '@sluice/protocol'
import { NEVER, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex } from '../src/index.ts'
import { closing } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { stuck, talking } from './support/talking.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

describe('close({ lingerMs })', () => {
  it('lingers for so long and not for what the options say, be it shorter or longer [R11][R21]', async () => {
    for (const [lingerMs, options] of [
      [1_000, {}],
      [20_000, {}],
      [1_000, { lingerMs: 60_000 }],
      [20_000, { lingerMs: 100 }],
    ] as const) {
      const { connection, wait } = talking(options, () => NEVER)
      connection.close({ lingerMs })
      expect(await wait(lingerMs - 10)).toBe(null)
      expect(await wait(20)).toBe(`linger ${String(lingerMs)}`)
    }
  })

  it('without it lingers as the options say [R11][R21]', async () => {
    const { connection, wait } = talking({ lingerMs: 3_000 }, () => NEVER)
    connection.close({})
    expect(await wait(2_990)).toBe(null)
    expect(await wait(20)).toBe('linger 3000')
  })

  it('counts from our end, not from the call: what is queued is flushed first [R9][R11]', async () => {
    const { wire, connection, wait } = talking({}, () => NEVER)
    wire.stall()
    connection.write(Buffer.from('goodbye'))
    connection.close({ lingerMs: 1_000 })
    expect(await wait(5_000)).toBe(null)
    wire.drain()
    expect(await wait(0)).toBe(null)
    expect(wire.text).toBe('goodbye')
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('linger 1000')
  })

  it('called again with another time counts anew, and sends no second FIN [R11]', async () => {
    const { connection, wait } = talking({}, () => NEVER)
    connection.close({ lingerMs: 60_000 })
    expect(await wait(30_000)).toBe(null)
    connection.close({ lingerMs: 1_000 })
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('linger 1000')
  })

  it('changes the time of a conversation that lingers already [R11]', async () => {
    const { connection, wait } = talking({ lingerMs: 60_000 }, () => of('goodbye'))
    expect(await wait(30_000)).toBe(null)
    connection.close({ lingerMs: 500 })
    expect(await wait(490)).toBe(null)
    expect(await wait(20)).toBe('linger 500')
  })

  it('ends also a connection that was only to be told of, or whose consumer is stuck [R11][R21]', async () => {
    const told = talking({ onExpiry: { linger: 'event' } }, () => NEVER)
    told.connection.close({ lingerMs: 1_000 })
    expect(await told.wait(1_010)).toBe('linger 1000')
    const held = talking({}, stuck)
    held.wire.give('a\nb\n')
    await held.wait(1)
    held.connection.close({ lingerMs: 1_000 })
    expect(await held.wait(990)).toBe(null)
    expect(await held.wait(20)).toBe('linger 1000')
  })

  it('is over at once where the peer ends [R11]', async () => {
    const { wire, connection, wait } = talking({}, () => NEVER)
    connection.close({ lingerMs: 1_000 })
    await wait(500)
    wire.give('late')
    wire.fin()
    expect(await wait(0)).toBe('Finished')
    expect((await closing(connection)).figures).toMatchObject({ bytesRead: 4, bytesUnread: 4, durationMs: 500 })
  })

  it('refuses a time that cannot be, and nothing has changed', async () => {
    const connection = fromDuplex(new Wire())
    for (const lingerMs of [0, -1, NaN]) expect(() => connection.close({ lingerMs })).toThrow(WrongOption)
    await turns()
    expect([connection.localEnded, connection.remoteEnded]).toEqual([false, false])
    connection.abort()
  })
})
