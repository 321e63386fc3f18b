import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Connection, Listener } from '@sluice/net'
import { ConnectFailed, proxyHeader, serve, speak } from '@sluice/net'
import { lines } from '@sluice/protocol'
import { ignoreElements, merge, mergeMap, of, tap } from 'rxjs'
import type { SimulatedNetwork, SimulatedNetworkOptions } from '@sluice/testing'
import { simulatedNetwork } from '@sluice/testing'

const PLAIN: SimulatedNetworkOptions = { latencyMs: 10, jitterMs: 0, segments: 'whole' }

/** A client and a server, and when the server heard what. */
const pair = async (options: SimulatedNetworkOptions = {}) => {
  const network = simulatedNetwork({ ...PLAIN, ...options })
  const { client, server } = await ends(network)
  const heard: { readonly at: number; readonly bytes: number }[] = []
  server.data$.subscribe({
    next: ({ length }) => heard.push({ at: network.scheduler.now(), bytes: length }),
    error: () => undefined,
  })
  return { network, client, server, heard }
}

const ends = async (network: SimulatedNetwork) => {
  const met: { client?: Connection; server?: Connection } = {}
  network
    .host('server')
    .listen({ port: 7000 })
    .pipe(mergeMap(({ connections$ }) => connections$))
    .subscribe((connection) => (met.server = connection))
  network
    .host('client')
    .connect({ host: 'server', port: 7000 })
    .subscribe({ next: (connection) => (met.client = connection), error: () => undefined })
  await network.advance(100)
  const { client, server } = met
  if (client === undefined || server === undefined) throw new Error('they have not met')
  return { client, server }
}

const causeOf = (connection: Connection): Promise<string> =>
  new Promise((resolve) => {
    connection.events$.subscribe((event) => {
      if (event._tag === 'Closed') resolve(event.cause._tag)
    })
  })

describe('a simulated network', () => {
  it('takes its time: a round trip to connect, half of one for a byte', async () => {
    const { network, client, heard } = await pair()
    const connected = network.log.find((line) => line.endsWith('connected'))
    expect(connected).toMatch(/^ +0\.020000 s {2}client → server:7000/)
    client.write(Buffer.from('x'))
    await network.advance(50)
    expect(heard).toEqual([{ at: 110, bytes: 1 }])
  })

  it('lets no more through than the road takes', async () => {
    const { network, client, heard } = await pair({ bytesPerSecond: 10_000 })
    client.write(Buffer.alloc(30_000))
    await network.advance(60_000)
    expect(heard.at(-1)?.at).toBe(100 + 3_000 + 10)
    expect(heard.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(30_000)
  })

  it('cuts what is sent anywhere, and keeps its order [R4]', async () => {
    const network = simulatedNetwork({ seed: 3 })
    const { client, server } = await ends(network)
    const chunks: Uint8Array[] = []
    server.data$.subscribe((chunk) => chunks.push(chunk))
    const sent = Buffer.from(Array.from({ length: 50_000 }, (_, i) => i % 251))
    for (let at = 0; at < sent.length; at += 500) {
      client.write(sent.subarray(at, at + 500))
      await network.advance(1)
    }
    await network.advance(100)
    expect(Buffer.concat(chunks).equals(sent)).toBe(true)
    expect(chunks.length).toBeGreaterThan(100)
  })

  it('sends again what a partition has swallowed, ever more rarely', async () => {
    const { network, client, heard } = await pair()
    const heal = network.inject({ _tag: 'Partition', between: ['client', 'server'] })
    client.write(Buffer.from('x'))
    await network.advance(1_000)
    expect(heard).toEqual([])
    heal()
    await network.advance(1_000)
    // sent at 100, and again after 200, 400 and 800 more
    expect(heard).toEqual([{ at: 1_500, bytes: 1 }])
  })

  it('breaks a connection that gets no answer for too long, and the other end when it asks', async () => {
    const { network, client, server } = await pair({ giveUpMs: 20_000 })
    const [one, other] = [causeOf(client), causeOf(server)]
    network.inject({ _tag: 'Partition', between: ['client', 'server'] })
    client.write(Buffer.from('x'))
    await network.advance(60_000)
    expect([await one, await other]).toEqual(['Reset', 'Reset'])
  })

  it('answers for a host that was gone without a word with a reset, when it is back', async () => {
    const { network, client, server } = await pair()
    const up = network.inject({ _tag: 'Crash', host: 'server' })
    await network.advance(1_000)
    expect(client.remoteEnded).toBe(false)
    const cause = causeOf(client)
    up()
    client.data$.subscribe({ error: () => undefined })
    client.write(Buffer.from('x'))
    await network.advance(1_000)
    expect(await cause).toBe('Reset')
    expect(await causeOf(server)).toBe('Reset')
  })

  it('refuses whom nobody waits for, and leaves unanswered who cannot be reached [F01, F02]', async () => {
    const network = simulatedNetwork()
    network.host('server')
    const codes: unknown[] = []
    const call = (host: string): void => {
      network
        .host('client')
        .connect({ host, port: 7000 })
        .subscribe({ error: (error: unknown) => codes.push(error instanceof ConnectFailed ? error.code : error) })
    }
    call('server')
    await network.advance(10)
    network.inject({ _tag: 'Partition', between: ['client', 'server'] })
    call('server')
    call('nobody')
    await network.advance(9_000)
    expect(codes).toEqual(['ECONNREFUSED', 'ENOTFOUND'])
    await network.advance(2_000)
    expect(codes).toEqual(['ECONNREFUSED', 'ENOTFOUND', 'TIMEOUT'])
  })
})

describe('a server on a simulated network', () => {
  it('tells those it has no room for, and takes who waits when there is [R24]', async () => {
    const network = simulatedNetwork({ ...PLAIN })
    const told: string[] = []
    const serveOne = (port: number, options: object): void => {
      const talk = serve(lines(), (in$) => merge(of('welcome'), in$))
      network.host('server').listen({ port, maxConnections: 1, ...options }).pipe(talk).subscribe() // prettier-ignore
    }
    serveOne(7000, { goodbye: 'full\n' })
    serveOne(7001, { atLimit: 'wait' })
    const visit = (name: string, port: number) => {
      const hear = speak(lines(), (in$) =>
        in$.pipe(tap((line) => told.push(`${name} ${line}`)), ignoreElements()) as typeof in$) // prettier-ignore
      return network.host(name).connect({ host: 'server', port }).pipe(hear).subscribe()
    }
    const [, , first] = [visit('a', 7000), visit('b', 7000), visit('c', 7001), visit('d', 7001)]
    await network.advance(200)
    expect(told.sort()).toEqual(['a welcome', 'b full', 'c welcome'])
    first.unsubscribe()
    await network.advance(200)
    expect(told).toContain('d welcome')
  })

  it('reads a PROXY header', async () => {
    const network = simulatedNetwork({ seed: 5 })
    const seen: unknown[] = []
    let listener: Listener | undefined
    network
      .host('server')
      .listen({ port: 7000, proxyProtocol: { trusted: ['10.0.0.0/8'] } })
      .pipe(
        tap((bound) => (listener = bound)),
        mergeMap(({ connections$ }) => connections$),
        tap(({ remote }) => seen.push(remote?.address)),
        mergeMap(({ data$ }) => data$),
      )
      .subscribe((bytes) => seen.push(String(bytes)))
    const header = proxyHeader({
      source: { family: 'IPv4', address: '192.0.2.7', port: 1234 },
      destination: { family: 'IPv4', address: '192.0.2.8', port: 7000 },
    })
    network
      .host('client')
      .connect({ host: 'server', port: 7000 })
      .subscribe((connection) => {
        if (isRight(header)) connection.write(header.right)
        connection.write(Buffer.from('hello'))
      })
    await network.advance(100)
    expect(seen[0]).toBe('192.0.2.7')
    expect(seen.slice(1).join('')).toBe('hello')
    expect(listener?.address).toEqual({ family: 'IPv4', address: network.host('server').address, port: 7000 })
  })

  it('refuses at construction what cannot be there', () => {
    const { network } = simulatedNetwork().host('a')
    const host = simulatedNetwork().host('a')
    const wrong = expect.objectContaining({ _tag: 'WrongOption' }) as Error
    expect(() => host.connect({ port: 1, tls: true })).toThrow(wrong)
    expect(() => host.connect({ fd: 3, network })).toThrow(wrong)
    expect(() => host.connect({ port: 1, family: 6 })).toThrow(wrong)
    expect(() => host.listen({ fd: 3 })).toThrow(wrong)
    expect(() => simulatedNetwork({ latencyMs: -1 })).toThrow(wrong)
    expect(() => simulatedNetwork({ windowBytes: Number.NaN })).toThrow(wrong)
  })
})
