import { rm } from 'node:fs/promises'
import fc from 'fast-check'
import { isLeft } from 'fp-ts/lib/Either.js'
import { afterEach, describe, expect, it } from 'vitest'
import { connect, listen } from '@sluice/net'
import { take } from 'rxjs'
import type { Ground } from './conformance/grounds.ts'
import { GROUNDS, meet } from './conformance/grounds.ts'
import { Witness } from './conformance/witness.ts'

const MEGABYTE = Buffer.alloc(1_000_000, 'sluice')

const witnesses = async (ground: Ground) => {
  const { client, server, close } = await meet(ground)
  open.push(close)
  return { client: new Witness(ground, client), server: new Witness(ground, server), close }
}

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

describe.each(GROUNDS)('$name', (ground) => {
  it('ends as both sides do, and tells it by the grammar [R2, R10]', async () => {
    const { client, server } = await witnesses(ground)
    client.read().connection.write(Buffer.from('hello'))
    client.connection.end()
    await server.read().until('RemoteEnded')
    expect(String(server.received)).toBe('hello')
    server.connection.write(Buffer.from('goodbye'))
    server.connection.end()
    await Promise.all([client.until('Closed'), server.until('Closed')])
    expect(String(client.received)).toBe('goodbye')
    for (const { cause, lawful } of [client, server]) expect([cause, lawful]).toEqual(['Finished', true])
  })

  it.each(['client', 'server'] as const)(
    'half-closes: the %s ends, and the other goes on writing [R2, R9]',
    async (first) => {
      const both = await witnesses(ground)
      const [one, other] = first === 'client' ? [both.client, both.server] : [both.server, both.client]
      one.read().connection.end()
      await other.read().until('RemoteEnded')
      await one.until('LocalEnded')
      for (let i = 0; i < 4; i++) other.connection.write(MEGABYTE.subarray(0, 200_000))
      other.connection.end()
      await Promise.all([one.until('Closed'), other.until('Closed')])
      expect(one.received.length).toBe(800_000)
      expect([one.cause, other.cause]).toEqual(['Finished', 'Finished'])
    },
  )

  it('breaks off: the other end has a prefix of what was sent, and then a reset [R10, R12]', async () => {
    const { client, server } = await witnesses(ground)
    client.connection.write(MEGABYTE)
    server.connection.events$.subscribe(({ _tag }) => {
      if (_tag === 'Data' && server.received.length === 0) server.connection.pause()
    })
    server.read()
    await server.until('Paused')
    client.connection.abort()
    server.connection.resume()
    await Promise.all([client.until('Closed'), ground.family === 'unix' ? server.until('RemoteEnded') : server.until('Closed')]) // prettier-ignore
    const { received } = server
    expect(received.length).toBeLessThan(MEGABYTE.length)
    expect(received.equals(MEGABYTE.subarray(0, received.length))).toBe(true)
    expect(client.cause).toBe('Aborted')
    // a Unix socket knows no reset: what is written to it breaks
    if (ground.family === 'unix') server.connection.write(MEGABYTE)
    await server.until('Closed')
    expect(server.cause).toBe(ground.family === 'unix' ? 'Reset EPIPE' : 'Reset ECONNRESET')
    for (const { lawful } of [client, server]) expect(lawful).toBe(true)
  })

  it('holds back who writes to who does not read, and lets him go on when he does [R3, R7]', async () => {
    const { client, server } = await witnesses(ground)
    let written = 0
    while (!client.connection.full && written < 64 * MEGABYTE.length) {
      client.connection.write(MEGABYTE)
      written += MEGABYTE.length
    }
    expect(client.connection.full).toBe(true)
    expect(client.connection.unsentBytes).toBeGreaterThan(0)
    expect(client.spelled).not.toContain('w')
    server.read()
    await client.until('Drained')
    expect(client.connection.unsentBytes).toBe(0)
    client.connection.end()
    await server.until('RemoteEnded')
    expect(server.received.length).toBe(written)
  })

  it('tells a paused end nothing of the end of the other before the last byte [R3]', async () => {
    const { client, server } = await witnesses(ground)
    server.read().connection.pause()
    client.connection.write(MEGABYTE)
    client.connection.end()
    expect(server.received.length).toBe(0)
    server.connection.resume()
    await server.until('RemoteEnded')
    expect(server.received.equals(MEGABYTE)).toBe(true)
    expect(server.spelled).toMatch(/pr?d+R/)
  })

  it('brings every byte, once and in order, however it is written [R4, R6]', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 20 })
    const property = fc.asyncProperty(sizes, sizes, async (there, back) => {
      const { client, server, close } = await witnesses(ground)
      const sent = ([client, server] as const).map(({ connection }, i) =>
        (i === 0 ? there : back).map((size) => {
          const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (size * 31 + at) % 251))
          connection.write(bytes)
          return bytes
        }),
      )
      for (const end of [client.read(), server.read()]) end.connection.end()
      await Promise.all([client.until('Closed'), server.until('Closed')])
      expect(server.received.equals(Buffer.concat(sent[0] ?? []))).toBe(true)
      expect(client.received.equals(Buffer.concat(sent[1] ?? []))).toBe(true)
      expect([client.lawful, server.lawful]).toEqual([true, true])
      await close()
    })
    await fc.assert(property, { numRuns: 10 })
  })

  it('refuses a write after our end [R8]', async () => {
    const { client } = await witnesses(ground)
    client.connection.end()
    expect(isLeft(client.connection.write(Buffer.from('too late')))).toBe(true)
    await client.until('LocalEnded')
    expect(isLeft(client.connection.write(Buffer.from('too late')))).toBe(true)
  })

  it('answers a call for nobody, and a place that is taken', async () => {
    const bound = new Promise<number>((resolve) => {
      const subscription = listen(ground.listen)
        .pipe(take(1))
        .subscribe(({ address }) => {
          resolve(address.port ?? 0)
          subscription?.unsubscribe()
        })
    })
    const port = await ground.until(bound)
    if (ground.family === 'unix' && !ground.simulated) await rm(ground.listen.path ?? '', { force: true })
    const refused = new Promise((resolve) => connect(ground.connect(port)).subscribe({ error: resolve }))
    const code = ground.family === 'unix' ? 'ENOENT' : 'ECONNREFUSED'
    expect(await ground.until(refused)).toMatchObject({ _tag: 'ConnectFailed', code })
    const first = await ground.until(
      new Promise<{ port: number; stop: () => void }>((resolve) => {
        const subscription = listen(ground.listen).subscribe(({ address }) =>
          resolve({ port: address.port ?? 0, stop: () => subscription.unsubscribe() }),
        )
      }),
    )
    const place = ground.family === 'unix' ? ground.listen : { ...ground.listen, port: first.port }
    const taken = new Promise((resolve) => listen(place).subscribe({ error: resolve }))
    expect(await ground.until(taken)).toMatchObject({ _tag: 'ListenFailed', code: 'EADDRINUSE' })
    first.stop()
  })
})
