import { lines } from '@sluice/protocol'
import { defer, firstValueFrom, lastValueFrom, map, of, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex, sendProxyHeader, speak } from '../src/index.ts'
import { client, server, written } from './proxyProtocolCases.ts'
import { clientPair, next } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const LINE = 'PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n'
const line = { version: 1, source: client, destination: server } as const

describe('sendProxyHeader', () => {
  it('writes the header before anything else, in one batch with what follows [R6]', async () => {
    const wire = new Wire()
    const session = of(fromDuplex(wire)).pipe(
      sendProxyHeader(line),
      speak(lines(), () => of('hello')),
    )
    wire.fin()
    expect((await lastValueFrom(session)).cause._tag).toBe('Finished')
    expect(wire.batches).toEqual([`${LINE}hello\n`])
  })

  it('leaves by itself where nothing follows', async () => {
    const { connection, peer } = await clientPair()
    const got = next(peer.resume(), LINE.length)
    expect(await firstValueFrom(of(connection).pipe(sendProxyHeader(line)))).toBe(connection)
    expect(await got).toBe(LINE)
  })

  it('writes it on each connection of the source, as often as it is subscribed [R26]', async () => {
    const wires = [new Wire(), new Wire(), new Wire()]
    const left = [...wires]
    const sending$ = defer(() => of(...left.splice(0, 2)).pipe(map((wire) => fromDuplex(wire)))).pipe(
      sendProxyHeader(line),
    )
    const connections = [...(await lastValueFrom(sending$.pipe(toArray()))), await lastValueFrom(sending$)]
    await Promise.resolve()
    expect(wires.map(({ text }) => text)).toEqual([LINE, LINE, LINE])
    for (const connection of connections) connection.abort()
  })

  it('fails before anybody is connected to, where the header cannot be written [R27]', async () => {
    let subscribed = false
    const source$ = defer(() => {
      subscribed = true
      return of(fromDuplex(new Wire()))
    })
    const sent = lastValueFrom(source$.pipe(sendProxyHeader({ source: client })))
    await expect(sent).rejects.toMatchObject({ _tag: 'NotEncodable' })
    expect(subscribed).toBe(false)
  })

  it('passes a connection on that is over already', async () => {
    const connection = fromDuplex(new Wire())
    connection.abort()
    expect(await firstValueFrom(of(connection).pipe(sendProxyHeader(line)))).toBe(connection)
  })

  it('sends what the other side reads', () => {
    expect(Buffer.from(written(line).bytes).toString()).toBe(LINE)
  })
})
