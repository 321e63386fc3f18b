import type { Endpoint, TlsFacts } from '../../connection.ts'
import type { TlsFailed } from '../../errors.ts'
import type { Handshake } from '../tls/handshake.ts'

/** What a transport tells its connection. After `gone`, nothing more. */
export interface TransportSink {
  /**
   * Bytes; never while paused, but for what was under way when `pause` was called. `borrowed` memory is written over
   * after the call: what is kept of it has to be copied.
   */
  received(chunk: Uint8Array, borrowed?: boolean): void
  /** The peer's FIN, after the last byte; may come while paused. */
  peerEnded(): void
  /** Everything handed over so far is with the kernel; told only where that was not so at once. */
  drained(): void
  /** Our FIN is with the kernel. */
  flushed(): void
  /** The connection broke; `gone` follows. A `TlsFailed` where TLS did, and not what it runs over. */
  failed(error: Error): void
  /** TLS is done, after the connection has begun. */
  secured(tls: TlsFacts): void
  /** The socket is closed and released. */
  gone(): void
}

/**
 * What a connection stands on: one duplex stream of bytes. Starts paused and half-open. There is one for
 * Node's streams; whatever else keeps this contract (a simulated network) serves as well.
 */
export interface Transport {
  readonly local: Endpoint | undefined
  readonly remote: Endpoint | undefined
  readonly tls: TlsFacts | undefined
  /** Whether memory handed over may be used again as soon as `queuedBytes` is 0: the kernel has a copy. */
  readonly copies: boolean
  /** Bytes handed over that are not yet with the kernel. While there are any, `drained` is still to come. */
  readonly queuedBytes: number
  /** Bytes of the write under way that the kernel has not taken; 0 where that cannot be seen. */
  readonly flushing: number
  attach(sink: TransportSink): void
  /** Lets bytes come; `borrowed` ones are welcome where who reads `copies` what he keeps. */
  resume(copies: boolean): void
  pause(): void
  /** Hands bytes over, in order. */
  write(parts: readonly Uint8Array[]): void
  /** Ends the output behind what was handed over. */
  end(): void
  /** Breaks off, with a reset where that is possible. */
  abort(): void
  /** Asks whether the peer still lives; a dead one answers through `failed`. `alive` may never be called. */
  probe(alive: () => void): void
  /** Whether it keeps the process running, where it is something that can. */
  ref(keeps: boolean): void
  /** Absent where there can be no TLS. */
  readonly upgrade?: Upgrade | undefined
}

/** A transport that is plain, and can change to TLS in place. */
export interface Upgrade {
  /** The host that was asked for, if it is known: who has to prove its name. */
  readonly host: string | undefined
  /** Bytes received that wait in the stream. */
  readonly unreadBytes: number
  /**
   * Runs the handshake behind what was handed over so far; `unread` is the first that TLS reads. Nothing is
   * received before it is done, and what is handed over meanwhile waits for it. Calls `done` or `failed` once,
   * the transport not being aborted before.
   */
  secure(
    handshake: Handshake,
    unread: readonly Uint8Array[],
    done: (tls: TlsFacts) => void,
    failed: (error: TlsFailed) => void,
  ): void
}
