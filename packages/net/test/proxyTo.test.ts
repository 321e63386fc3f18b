import { describe, expect, it } from 'vitest'
import { NEVER } from 'rxjs'
import { peerOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { proxied, proxy } from './support/proxies.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const SIDES = [
  ['client', 'upstream'],
  ['upstream', 'client'],
] as const

describe('proxyTo', () => {
  it('carries bytes both ways, and reports both sides [R4]', async () => {
    const { client, upstream, report } = await proxied()
    client.socket.write('question')
    await upstream.hears('?question')
    upstream.socket.write('answer')
    await client.hears('!answer')
    client.socket.end()
    upstream.socket.end()
    const { client: there, upstream: back } = await report()
    expect([there.cause, back.cause]).toEqual([{ _tag: 'Finished' }, { _tag: 'Finished' }])
    expect([there.figures, back.figures]).toMatchObject([
      { bytesRead: 9, bytesWritten: 7 },
      { bytesRead: 7, bytesWritten: 9 },
    ])
  })

  for (const [first, second] of SIDES) {
    it(`makes the FIN of the ${first} a FIN to the other, and carries on the other way [R2][R9]`, async () => {
      const ends = await proxied()
      const [one, other] = [ends[first], ends[second]]
      one.socket.end('all I say')
      expect(await other.over()).toMatch(/all I say end$/)
      other.socket.write('and ')
      await turns(20)
      other.socket.end('I go on')
      expect(await one.over()).toMatch(/and I go on end$/)
      const report = await ends.report()
      expect([report.client.cause._tag, report.upstream.cause._tag]).toEqual(['Finished', 'Finished'])
    })

    it(`makes the reset of the ${first} a reset of the other [R12]`, async () => {
      const ends = await proxied()
      ends[first].socket.resetAndDestroy()
      expect(await ends[second].over()).toMatch(/reset$/)
      const report = await ends.report()
      expect(report[first].cause._tag).toBe('Reset')
      expect(report[second].cause).toMatchObject({
        _tag: 'Aborted',
        reason: { _tag: 'ConnectionLost', reason: { _tag: 'Reset' } },
      })
    })
  }

  it('lets a clock of one side end both [R21]', async () => {
    const { client, report } = await proxied({ silenceMs: 20 })
    expect(await client.over()).toBe('! reset')
    const both = await report()
    expect([both.client.cause, both.upstream.cause]).toMatchObject([
      { _tag: 'TimedOut', clock: 'silence' },
      { _tag: 'Aborted' },
    ])
  })

  it('breaks both off where somebody else has ended one of them [R8]', async () => {
    const { client, upstream, clients, report } = await proxied()
    clients[0]?.end()
    expect(await client.over()).toBe('! end')
    upstream.socket.write('too late')
    expect(await upstream.over()).toBe('? reset')
    const both = await report()
    expect([both.client.cause, both.upstream.cause]).toMatchObject([
      { _tag: 'Aborted', reason: { _tag: 'NotWritable' } },
      { _tag: 'Aborted', reason: { _tag: 'NotWritable' } },
    ])
  })

  it('keeps the answer of a server that ends, and resets because the client says more than it hears [R11]', async () => {
    const { client, upstream, report, clients } = await proxied()
    upstream.socket.end('no')
    await client.hears('!no')
    upstream.socket.resetAndDestroy()
    // what makes the reset known
    client.socket.write('I have more to say')
    await until('that taken', () => clients[0]?.figures.bytesRead === 19)
    await turns(20)
    expect(await client.over()).toBe('!no end')
    client.socket.end()
    const both = await report()
    expect([both.client.cause._tag, both.upstream.cause._tag]).toEqual(['Finished', 'Reset'])
  })

  it('reads nothing from a client before its upstream is there [R1]', async () => {
    const { port, clients } = await proxy(() => NEVER)
    const client = await peerOf(port)
    client.write('early')
    await until('the client', () => clients.length === 1)
    await turns(50)
    expect(clients[0]?.figures.bytesRead).toBe(0)
  })

  it('aborts all pairs when it is unsubscribed [R14]', async () => {
    const { client, upstream, running, reports } = await proxied()
    running.unsubscribe()
    expect([await client.over(), await upstream.over()]).toEqual(['! reset', '? reset'])
    expect(reports).toEqual([])
  })

  it('lets who is connected finish when its listener is drained [R25]', async () => {
    const { client, upstream, report, listener } = await proxied()
    const drained = listener.drain()()
    expect(await upstream.over()).toBe('? end')
    upstream.socket.end('goodbye')
    expect(await client.over()).toBe('!goodbye end')
    client.socket.end()
    const both = await report()
    expect([both.client.cause._tag, both.upstream.cause._tag]).toEqual(['ShutDown', 'Finished'])
    await drained
  })
})
