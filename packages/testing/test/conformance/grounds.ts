import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection, ConnectOptions, ListenOptions } from '@sluice/net'
import { connect, listen } from '@sluice/net'
import { combineLatest, mergeMap, Subscription } from 'rxjs'
import { simulatedNetwork, testCertificates } from '@sluice/testing'

/** What two ends stand on. */
export interface Ground {
  readonly name: string
  readonly simulated: boolean
  readonly family: 'tcp' | 'unix' | 'tls'
  readonly listen: ListenOptions
  /** Where to connect to, once it is known where the listener is. */
  readonly connect: (port: number) => ConnectOptions
  /** Waits for something, letting time pass where it does not by itself. */
  readonly until: <A>(promise: Promise<A>) => Promise<A>
}

const HOST = '127.0.0.1'
const really = <A>(promise: Promise<A>): Promise<A> => promise

const simulated = (name: string, family: 'tcp' | 'unix'): Ground => {
  const network = simulatedNetwork({ seed: 11 })
  const [client, server] = [network.host('client'), network.host('server')]
  const until = async <A>(promise: Promise<A>): Promise<A> => {
    let settled = false
    const settle = (): void => {
      settled = true
    }
    promise.then(settle, settle)
    for (let turns = 0; !settled && turns < 10_000; turns++) await network.advance(5)
    return promise
  }
  if (family === 'unix') {
    const path = '/run/conformance.sock'
    const place = { path, network: server.network }
    return { name, family, simulated: true, until, listen: place, connect: () => place }
  }
  return {
    ...{ name, family, simulated: true, until },
    listen: { port: 0, network: server.network },
    connect: (port) => ({ host: 'server', port, network: client.network }),
  }
}

const { ca, server } = testCertificates()
const path = join(mkdtempSync(join(tmpdir(), 'conformance-')), 'socket')

/** The simulated ones first: where they differ from the others they are wrong. */
export const GROUNDS: readonly Ground[] = [
  simulated('a simulated network', 'tcp'),
  simulated('a simulated Unix socket', 'unix'),
  {
    ...{ name: 'TCP', family: 'tcp', simulated: false, until: really },
    listen: { port: 0, host: HOST },
    connect: (port) => ({ host: HOST, port }),
  },
  { ...{ name: 'a Unix socket', family: 'unix', simulated: false, until: really }, listen: { path }, connect: () => ({ path }) }, // prettier-ignore
  {
    ...{ name: 'TLS', family: 'tls', simulated: false, until: really },
    listen: { port: 0, host: HOST, tls: server },
    connect: (port) => ({ host: HOST, port, tls: { ca } }),
  },
]

/** Two ends of one connection, and their end. */
export interface Ends {
  readonly client: Connection
  readonly server: Connection
  readonly close: () => Promise<void>
}

export const meet = (ground: Ground): Promise<Ends> => {
  const subscription = new Subscription()
  const ends$ = listen(ground.listen).pipe(
    mergeMap(({ address, connections$ }) => combineLatest([connect(ground.connect(address.port ?? 0)), connections$])),
  )
  const met = new Promise<Ends>((resolve, reject) => {
    subscription.add(
      ends$.subscribe({
        next: ([client, server]) => {
          const over = Promise.all([client, server].map((end) => completed(end)))
          const close = async (): Promise<void> => {
            subscription.unsubscribe()
            await ground.until(over)
          }
          resolve({ client, server, close })
        },
        error: reject,
      }),
    )
  })
  return ground.until(met)
}

const completed = ({ events$ }: Connection): Promise<void> =>
  new Promise((resolve) => {
    events$.subscribe({ complete: resolve })
  })
