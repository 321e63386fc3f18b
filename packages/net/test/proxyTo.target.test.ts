import type { Observable } from 'rxjs'
import { concat, defer, finalize, firstValueFrom, mergeMap, NEVER, of, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ProxyTarget } from '../src/index.ts'
import { connect, proxyTo } from '../src/index.ts'
import { closing, dial, HOST, pair, peerOf, plainServer, socketPath } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { ear, proxy } from './support/proxies.ts'
import { until } from './support/turns.ts'

nothingLeft()

describe('the target of proxyTo', () => {
  it('may be chosen for each client', async () => {
    const server = await plainServer()
    const seen: unknown[] = []
    const { port, report } = await proxy((client) => {
      seen.push(client.remote?.address)
      return { host: HOST, port: server.port }
    })
    const client = await peerOf(port)
    client.end()
    const upstream = await server.accepted
    upstream.resume().end()
    expect((await report()).client.cause._tag).toBe('Finished')
    expect(seen).toEqual([HOST])
  })

  it('may be whatever makes a connection; one that comes after the first is broken off', async () => {
    const [server, other] = [await plainServer(), await plainServer()]
    const { port, report } = await proxy(() =>
      connect({ host: HOST, port: server.port }).pipe(
        mergeMap((first) => concat(of(first), connect({ host: HOST, port: other.port }))),
      ),
    )
    const client = ear(dial(port))
    const upstream = await server.accepted
    expect(await ear(await other.accepted).over()).toBe(' reset')
    upstream.resetAndDestroy()
    expect(await client.over()).toBe(' reset')
    expect((await report()).upstream.cause._tag).toBe('Reset')
  })

  it('that cannot be reached costs the client its connection, and is reported [R12]', async () => {
    const { port, report, clients } = await proxy({ path: socketPath() })
    expect(await ear(dial(port)).over()).toBe(' reset')
    const { client, upstream, connection } = await report()
    expect(upstream.cause).toMatchObject({ _tag: 'ConnectFailed', error: { _tag: 'ConnectFailed' } })
    expect(client.cause).toMatchObject({ _tag: 'Aborted', reason: { _tag: 'ConnectFailed' } })
    expect([upstream.figures.bytesRead, connection]).toEqual([0, clients[0]])
  })

  const oh = new Error('oh')
  const stranger$ = of({} as Connection)
  const wrong: Readonly<Record<string, readonly [target: ProxyTarget, cause: object]>> = {
    'that throws': [
      () => {
        throw oh
      },
      { _tag: 'HandlerFailed', error: oh },
    ],
    'that fails': [() => throwError(() => oh), { _tag: 'HandlerFailed', error: oh }],
    'that cannot be': [() => ({ port: 0 }), { _tag: 'HandlerFailed', error: { _tag: 'WrongOption' } }],
    'that gives nothing': [() => of(), { _tag: 'ConnectFailed', error: { code: 'NONE' } }],
    'that gives a stranger': [() => stranger$, { _tag: 'HandlerFailed', error: { _tag: 'WrongOption' } }],
  }
  for (const [what, [target, cause]] of Object.entries(wrong)) {
    it(`${what} harms its client alone [R12][R27]`, async () => {
      const { port, report } = await proxy(target)
      for (const n of [1, 2]) {
        expect(await ear(dial(port)).over()).toBe(' reset')
        expect((await report(n)).upstream.cause).toMatchObject(cause)
      }
    })
  }

  it('is given up when its client goes before it is there [R14]', async () => {
    let [begun, ended] = [0, 0]
    const never$: Observable<Connection> = defer(() => {
      begun++
      return NEVER
    })
    const { port, report } = await proxy(() => never$.pipe(finalize(() => ended++)), { probeMs: 5 })
    const client = await peerOf(port)
    await until('the attempt', () => begun === 1)
    client.resetAndDestroy()
    const { client: there, upstream } = await report()
    expect(there.cause._tag).toBe('Reset')
    expect(upstream.cause).toMatchObject({ _tag: 'Aborted', reason: { _tag: 'ConnectionLost' } })
    expect(ended).toBe(1)
  })

  it('is not tried for a client that has gone already', async () => {
    const { connection } = await pair()
    connection.abort()
    await closing(connection)
    let tried = 0
    const counted$ = defer(() => of<Connection>().pipe(finalize(() => tried++)))
    const report = await firstValueFrom(of(connection).pipe(proxyTo(() => counted$)))
    expect([report.client.cause._tag, report.upstream.cause._tag, tried]).toEqual(['Aborted', 'Aborted', 0])
  })

  it('may be a connection that stands already; unsubscribing breaks it off as well [R14]', async () => {
    const standing = await pair()
    const { port, running } = await proxy(() => of(standing.connection))
    const client = dial(port)
    client.write('hello')
    const upstream = ear(standing.peer)
    await upstream.hears('hello')
    running.unsubscribe()
    expect(await upstream.over()).toBe('hello reset')
  })

  it('must be one that can be [R16][R27]', () => {
    expect(() => proxyTo({})).toThrow(expect.objectContaining({ _tag: 'WrongOption' }))
  })
})
