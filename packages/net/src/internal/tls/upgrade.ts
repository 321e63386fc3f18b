import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import type { TlsFailed } from '../../errors.ts'
import type { Handshake } from './handshake.ts'
import { peerClosed } from './handshake.ts'

const NOTHING = Buffer.alloc(0)

/**
 * The time from the last byte in plain text to the first one that is encrypted.
 *
 * ```
 *  written before ──▶ flushed ──▶ handshake ──▶ done: what was held is the first that TLS carries
 *                    held: what is written meanwhile
 * ```
 *
 * Nothing that is held is given to TLS before the handshake is done: Node would send it to a peer that has
 * not proved who it is.
 */
export class TlsUpgrade {
  readonly held: Uint8Array[] = []
  #heldBytes = 0
  #over = false
  #breakOff: () => void = () => undefined
  #whenOver: () => void = () => undefined

  get heldBytes(): number {
    return this.#heldBytes
  }

  hold(parts: readonly Uint8Array[]): void {
    for (const part of parts) {
      this.held.push(part)
      this.#heldBytes += part.length
    }
  }

  begin(
    duplex: Duplex,
    handshake: Handshake,
    done: (secure: TLSSocket) => void,
    failed: (error: TlsFailed) => void,
  ): void {
    const fail = (error: TlsFailed): void => {
      this.#over = true
      failed(error)
      this.#whenOver()
    }
    const start = (error?: Error | null): void => {
      if (this.#over) return
      if (error instanceof Error) fail(peerClosed(error))
      else this.#breakOff = handshake(duplex, done, fail)
    }
    if (duplex.writableLength === 0) start()
    else duplex.write(NOTHING, start)
  }

  breakOff(): void {
    if (this.#over) return
    this.#over = true
    this.#breakOff()
    this.#whenOver()
  }

  /** Calls `f` when it has failed, or was broken off; at once if that is so. */
  whenOver(f: () => void): void {
    if (this.#over) f()
    else this.#whenOver = f
  }
}
