import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createConnection, createServer } from 'node:net'
import { tap } from 'rxjs'
import { afterEach } from 'vitest'
import type { FaultyProxy, FaultyProxyEvent, FaultyProxyOptions } from '../../src/index.ts'
import { faultyProxy } from '../../src/index.ts'
import { until } from './sluggish.ts'

let undone: (() => void)[] = []

afterEach(() => {
  for (const one of undone.reverse()) one()
  undone = []
})

/** One end, and all it has heard: chunks, and how the other side went. */
export class Ear {
  readonly chunks: string[] = []
  readonly socket: Socket
  end: 'open' | 'end' | 'reset' | 'closed' = 'open'

  constructor(socket: Socket) {
    this.socket = socket
    undone.push(() => socket.destroy())
    socket
      .on('data', (bytes: Buffer) => this.chunks.push(bytes.toString()))
      .on('end', () => (this.end = 'end'))
      .on('error', () => (this.end = 'reset'))
      .on('close', () => {
        if (this.end === 'open') this.end = 'closed'
      })
  }

  get text(): string {
    return this.chunks.join('')
  }

  async hears(text: string): Promise<void> {
    await until(`“${text}”`, () => this.text === text)
  }

  async over(): Promise<string> {
    await until('an end', () => this.end !== 'open')
    return `${this.text} ${this.end}`.trim()
  }
}

/** A plain server of Node's, and whoever came to it. */
export const plainServer = async () => {
  const ears: Ear[] = []
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => ears.push(new Ear(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  undone.push(() => server.close())
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, ears }
}

export const dial = async (port: number): Promise<Ear> => {
  const ear = new Ear(createConnection({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true }))
  await once(ear.socket, 'connect')
  return ear
}

export const running = async (port: number, options: FaultyProxyOptions = {}) => {
  const events: FaultyProxyEvent[] = []
  const { proxy, subscription } = await new Promise<{ proxy: FaultyProxy; subscription: { unsubscribe: () => void } }>(
    (resolve, reject) => {
      const listening = ({ events$ }: FaultyProxy) => events$.subscribe((event) => events.push(event))
      const subscription = faultyProxy({ port, host: '127.0.0.1' }, options)
        .pipe(tap(listening))
        .subscribe({
          next: (proxy) => {
            resolve({ proxy, subscription })
          },
          error: reject,
        })
    },
  )
  const stop = () => {
    subscription.unsubscribe()
  }
  undone.push(stop)
  const tags = (...only: readonly string[]) => events.filter(({ _tag }) => only.includes(_tag)).map(({ _tag }) => _tag)
  return { proxy, events, tags, stop }
}

/** A client, a server, and a faulty proxy between them that knows both. */
export const proxied = async (options: FaultyProxyOptions = {}) => {
  const { port, ears } = await plainServer()
  const between = await running(port, options)
  const client = await dial(between.proxy.port)
  await until('the server', () => ears.length === 1)
  return { client, server: ears[0] as Ear, ears, ...between }
}
