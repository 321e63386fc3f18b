import { setImmediate as turn } from 'node:timers/promises'
import type { Duplex } from 'node:stream'
import type { Cause, Connection, ConnectionEvent } from '@sluice/net'
import { fromDuplex } from '@sluice/net'
import type { Subscription } from 'rxjs'

/** An end of a connection: one of ours, or any Node stream. */
export type TransportEnd = Connection | Duplex

/** Makes a new pair of connected ends. */
export type MakePair = () => PromiseLike<readonly [TransportEnd, TransportEnd]> | readonly [TransportEnd, TransportEnd]

/** One end, and all that is known of it. */
export class End {
  readonly connection: Connection
  readonly events: ConnectionEvent[] = []
  readonly #chunks: Uint8Array[] = []
  #reading: Subscription | null = null
  /** Whether its input has completed. */
  completed = false

  constructor(end: TransportEnd) {
    this.connection = 'events$' in end ? end : fromDuplex(end)
    this.connection.events$.subscribe((event) => this.events.push(event))
  }

  get received(): Uint8Array {
    return Buffer.concat(this.#chunks)
  }

  get cause(): Cause | null {
    const last = this.events.at(-1)
    return last?._tag === 'Closed' ? last.cause : null
  }

  read(): this {
    this.#reading = this.connection.data$.subscribe({
      next: (chunk) => this.#chunks.push(chunk),
      // how it ended is in the events
      error: () => undefined,
      complete: () => {
        this.completed = true
      },
    })
    return this
  }

  stopReading(): void {
    this.#reading?.unsubscribe()
  }

  /** Writes as fast as the other end takes it. */
  async write(bytes: Uint8Array, patienceMs: number): Promise<void> {
    const parts = Math.ceil(bytes.length / PART_BYTES)
    for (let i = 0; i < parts; i++) {
      this.connection.write(bytes.subarray(i * PART_BYTES, (i + 1) * PART_BYTES))
      await until(() => !this.connection.full, patienceMs)
    }
  }
}

const PART_BYTES = 16 * 1024

/** Lets the event loop turn until the condition holds, and says whether it does. */
export const until = async (holds: () => boolean, patienceMs: number): Promise<boolean> => {
  const began = performance.now()
  while (!holds()) {
    if (performance.now() - began > patienceMs) return false
    await turn()
  }
  return true
}

/** Tries something with a pair made for it alone, which is aborted afterwards. */
export const withPair = async <R>(make: MakePair, f: (one: End, other: End) => Promise<R>): Promise<R> => {
  const [near, far] = await make()
  const [one, other] = [new End(near), new End(far)]
  try {
    return await f(one, other)
  } finally {
    one.connection.abort()
    other.connection.abort()
  }
}
