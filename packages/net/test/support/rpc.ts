import type { JsonRpcReceived, JsonRpcSent, Protocol } from '@sluice/protocol'
import { jsonRpcLines } from '@sluice/protocol'
import type { Socket } from 'node:net'
import { of } from 'rxjs'
import type { Closed, JsonRpcMethod, JsonRpcServerOptions, Listener } from '../../src/index.ts'
import { jsonRpcServer, serve } from '../../src/index.ts'
import { listening, peerOf } from './loopback.ts'

/** A server of JSON-RPC on a free port, and how its conversations end. */
export interface Served {
  readonly listener: Listener
  readonly closed: readonly Closed[]
}

export const serving = async (
  methods: Readonly<Record<string, JsonRpcMethod>>,
  options: JsonRpcServerOptions = {},
  protocol: Protocol<JsonRpcReceived, JsonRpcSent> = jsonRpcLines(),
): Promise<Served> => {
  const listener = await listening()
  const closed: Closed[] = []
  of(listener)
    .pipe(serve(protocol, jsonRpcServer(methods, options)))
    .subscribe((session) => closed.push(session.closed))
  return { listener, closed }
}

/** A plain socket that speaks lines of JSON. */
export interface Speaker {
  readonly socket: Socket
  readonly say: (...lines: readonly string[]) => void
  /** The lines so far, parsed. */
  readonly heard: readonly unknown[]
  /** Settles when there are so many lines. */
  readonly lines: (count: number) => Promise<readonly unknown[]>
  /** Ends this side; all lines there ever were. */
  readonly end: () => Promise<readonly unknown[]>
}

export const speaker = async ({ listener }: Served): Promise<Speaker> => {
  const socket = await peerOf(listener)
  const heard: unknown[] = []
  let rest = ''
  let wake: () => void = () => undefined
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) heard.push(JSON.parse(part))
    wake()
  })
  const closing = new Promise<readonly unknown[]>((resolve) => {
    socket.once('end', () => {
      resolve(heard)
    })
  })
  const lines = async (count: number): Promise<readonly unknown[]> => {
    while (heard.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return heard
  }
  const end = async (): Promise<readonly unknown[]> => {
    socket.end()
    return closing
  }
  return {
    socket,
    heard,
    lines,
    end,
    say: (...all) => {
      socket.write(all.map((line) => `${line}\n`).join(''))
    },
  }
}

/** A request as a line. */
export const request = (id: unknown, method: string, params?: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })

/** A notification as a line. */
export const notification = (method: string, params?: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', method, params })

export const result = (id: unknown, value: unknown) => ({ jsonrpc: '2.0', id, result: value })

export const failure = (id: unknown, code: number, message: string) => ({
  jsonrpc: '2.0',
  id,
  error: { code, message },
})
