import { firstValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionEvent } from '../src/index.ts'
import { fromDuplex } from '../src/index.ts'
import { afterwards, nothingLeft } from './support/nothingLeft.ts'
import { tlsDialling, tlsPeer, tlsServer } from './support/tls.ts'

nothingLeft()

const textOf = async (connection: Connection): Promise<string> =>
  Buffer.concat(await firstValueFrom(connection.data$.pipe(toArray()))).toString()

describe('fromDuplex', () => {
  it("lifts TLS of one's own, also before its handshake is done", async () => {
    const { port, next: accepted } = await tlsServer()
    const own = tlsDialling(port)
    const connection = fromDuplex(own)
    afterwards(() => {
      connection.abort()
    })
    const events: ConnectionEvent['_tag'][] = []
    connection.events$.subscribe(({ _tag }) => events.push(_tag))
    connection.write(Buffer.from('hello'))
    connection.end()
    expect(await textOf(await accepted())).toBe('hello')
    expect(connection.tls?.protocol).toBe('TLSv1.3')
    expect(events.slice(0, 2)).toEqual(['Connected', 'Secured'])
    const { tls } = fromDuplex(await tlsPeer(port))
    expect(tls?.authorized).toBe(true)
  })
})
