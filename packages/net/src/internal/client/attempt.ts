import type { Duplex } from 'node:stream'
import type { Subscriber, Unsubscribable } from 'rxjs'
import type { Connection, Lookup } from '../../connection.ts'
import { ConnectFailed, TlsFailed } from '../../errors.ts'
import { onceAborted } from '../aborts.ts'
import type { ConnectSettings } from './connectSettings.ts'
import { deadline } from '../time/deadline.ts'
import { duplexTransport } from '../transport/duplexTransport.ts'
import type { Transport } from '../transport/transport.ts'
import { LiveConnection } from '../connection/liveConnection.ts'

/**
 * One attempt to connect.
 *
 * ```
 *  dial ──▶ handshake, where there is one ──▶ Connection
 *    └──────────┴──▶ failed, or broken off: nothing is left
 * ```
 */
export class Attempt {
  readonly #settings: ConnectSettings
  readonly #subscriber: Subscriber<Connection>
  #connection: LiveConnection | null = null
  #deadline: Unsubscribable | null = null
  #breakOff: () => void = () => undefined
  #unlisten: () => void = () => undefined

  constructor(settings: ConnectSettings, subscriber: Subscriber<Connection>) {
    this.#settings = settings
    this.#subscriber = subscriber
  }

  begin(): void {
    const { signal, connectMs, connection, dial } = this.#settings
    if (signal?.aborted === true) {
      this.#fail('ABORTED', 'the signal was aborted before', signal.reason)
      return
    }
    if (signal !== undefined) {
      this.#unlisten = onceAborted(signal, () => {
        if (this.#connection !== null) this.#connection.abort(signal.reason)
        else this.#fail('ABORTED', 'the signal was aborted', signal.reason)
      })
    }
    this.#deadline = deadline(connection.scheduler, connectMs, () => {
      this.#fail('TIMEOUT', `no answer within ${String(connectMs)} ms`)
    })
    this.#breakOff = dial({
      connected: (duplex, lookups) => {
        this.#connected(duplex, lookups)
      },
      carried: (transport, lookups) => {
        this.#deadline?.unsubscribe()
        this.#begin(transport, lookups)
      },
      failed: (code, message, cause) => {
        this.#fail(code, message, cause)
      },
    })
  }

  /** Leaves nothing behind; a connection that stands is aborted. */
  stop(): void {
    this.#unlisten()
    this.#deadline?.unsubscribe()
    if (this.#connection !== null) this.#connection.abort()
    else this.#breakOff()
  }

  #connected(duplex: Duplex, lookups: readonly Lookup[]): void {
    const { handshake } = this.#settings
    this.#deadline?.unsubscribe()
    if (handshake === null) {
      this.#open(duplex, lookups)
      return
    }
    this.#breakOff = handshake(
      duplex,
      (secure) => {
        this.#open(secure, lookups)
      },
      ({ why, code, message, certificate, cause }) => {
        const { target } = this.#settings
        this.#subscriber.error(new TlsFailed(why, code, `no TLS with ${target}: ${message}`, { certificate, cause }))
      },
    )
  }

  #open(duplex: Duplex, lookups: readonly Lookup[]): void {
    const { path, host } = this.#settings
    this.#begin(duplexTransport(duplex, path, { host }), lookups)
  }

  #begin(transport: Transport, lookups: readonly Lookup[]): void {
    const connection = new LiveConnection(transport, this.#settings.connection, lookups)
    this.#connection = connection
    connection.whenOver(() => {
      this.#subscriber.complete()
    })
    this.#subscriber.next(connection)
  }

  #fail(code: string, message: string, cause?: unknown): void {
    this.#subscriber.error(new ConnectFailed(this.#settings.target, code, message, cause))
  }
}
