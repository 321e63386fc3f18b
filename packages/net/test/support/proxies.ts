import type { Socket } from 'node:net'
import { tap } from 'rxjs'
import type { Connection, ListenOptions, ProxyReport, ProxyTarget } from '../../src/index.ts'
import { proxyTo } from '../../src/index.ts'
import { HOST, listening, peerOf, plainServer, portOf } from './loopback.ts'
import { afterwards } from './nothingLeft.ts'
import { until } from './turns.ts'

/** What a plain socket hears, from the beginning. */
export const ear = (socket: Socket) => {
  let [text, end]: [string, 'end' | 'reset' | null] = ['', null]
  socket
    .on('data', (bytes: Buffer) => (text += bytes.toString()))
    .on('end', () => (end = 'end'))
    .on('error', () => (end = 'reset'))
    .resume()
  return {
    /** Waits until it has heard exactly this. */
    hears: async (expected: string): Promise<void> => until(`“${expected}”`, () => text === expected),
    /** Waits for the end of the other side, and says how it was. */
    over: async (): Promise<string> => {
      await until('the end', () => end !== null)
      return `${text} ${end ?? ''}`
    },
  }
}

/** A proxy at a free port, and what it has reported. */
export const proxy = async (target: ProxyTarget, options: ListenOptions = {}) => {
  const listener = await listening(options)
  const reports: ProxyReport[] = []
  const clients: Connection[] = []
  const running = listener.connections$
    .pipe(
      tap((connection) => clients.push(connection)),
      proxyTo(target),
    )
    .subscribe((report) => reports.push(report))
  afterwards(() => {
    running.unsubscribe()
  })
  const report = async (n = 1): Promise<ProxyReport> => {
    await until(`report ${String(n)}`, () => reports.length >= n)
    return reports[n - 1] as ProxyReport
  }
  return { port: portOf(listener), listener, reports, report, clients, running }
}

/** The two ends a proxy connects, as plain sockets, and the proxy between them; bytes have gone both ways. */
export const proxied = async (options: ListenOptions = {}) => {
  const server = await plainServer()
  const between = await proxy({ host: HOST, port: server.port }, options)
  const client = await peerOf(between.port)
  const upstream = await server.accepted
  const [there, back] = [ear(upstream), ear(client)]
  client.write('?')
  await there.hears('?')
  upstream.write('!')
  await back.hears('!')
  return { client: { socket: client, ...back }, upstream: { socket: upstream, ...there }, ...between }
}
