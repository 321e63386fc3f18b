import type { Duplex } from 'node:stream'
import type { Decoder, Protocol } from '@sluice/protocol'
import { Truncated } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import type { SchedulerLike } from 'rxjs'
import { Subscription } from 'rxjs'
import type { Endpoint } from '../../endpoint.ts'
import type { Proxied, ProxyRefusal } from '../../proxyAccept.ts'
import { ProxyHeaderFailed } from '../../proxyAccept.ts'
import type { ProxyAnnouncement, ProxyHeader } from '../../proxyAnnouncement.ts'
import type { Arrival } from '../server/arrival.ts'
import { afterPendingInput } from '../time/monotonic.ts'
import { beginsHeader } from './step.ts'

export interface ReadingSettings {
  readonly required: boolean
  readonly headerMs: number
  readonly versions: readonly (1 | 2)[]
  readonly protocol: Protocol<ProxyHeader, ProxyAnnouncement>
  readonly scheduler: SchedulerLike
}

/** Who is told how it went; one of them, once. */
interface Outcome {
  done(arrival: Arrival): void
  failed(error: Error): void
}

/** Destroys a socket, and says why. */
export const refused = (duplex: Duplex, reason: ProxyRefusal, remote?: Endpoint, cause?: Error): ProxyHeaderFailed => {
  duplex.on('error', () => undefined)
  duplex.destroy()
  return new ProxyHeaderFailed(reason, remote, cause)
}

/**
 * One header being read from a socket.
 *
 * ```
 *  readable ─▶ read what is there ─▶ decoder ─▶ header ─▶ unshift the rest ─▶ done
 * ```
 *
 * Only what is there is read, and never its end: bytes can be given back until somebody has read that.
 */
export class ProxyReading {
  readonly #settings: ReadingSettings
  readonly #arrival: Arrival
  readonly #remote: Endpoint
  readonly #outcome: Outcome
  readonly #decoder: Decoder<ProxyHeader>
  /** What this reading listens to and waits for, and what it has to know until it is over. */
  readonly #reading = new Subscription()
  readonly #life = new Subscription()
  /** What came while it need not be a header, to be given back where it is none. */
  #kept: Uint8Array = new Uint8Array(0)
  #over = false

  constructor(settings: ReadingSettings, arrival: Arrival, remote: Endpoint, outcome: Outcome) {
    this.#settings = settings
    this.#arrival = arrival
    this.#remote = remote
    this.#outcome = outcome
    this.#decoder = settings.protocol.decoder()
    this.#hear(this.#life, 'error', (error) => {
      this.#refuse('closed', error)
    })
    this.#hear(this.#life, 'close', () => {
      this.#refuse('closed')
    })
    this.#hear(this.#reading, 'readable', () => {
      this.#onReadable()
    })
    // of a stream that had its end before this began; any other says so by being readable, and empty
    this.#hear(this.#reading, 'end', () => {
      this.#refuse('truncated', this.#truncated())
    })
    this.#waitForDeadline()
    if (arrival.duplex.destroyed) {
      process.nextTick(() => {
        this.#refuse('closed')
      })
    }
  }

  /** Breaks it off. */
  stop(): void {
    if (!this.#finish()) return
    refused(this.#arrival.duplex, 'closed')
  }

  #hear(until: Subscription, event: string, listener: (error?: Error) => void): void {
    const { duplex } = this.#arrival
    duplex.on(event, listener)
    until.add(() => duplex.off(event, listener))
  }

  #waitForDeadline(): void {
    const { headerMs, scheduler } = this.#settings
    if (headerMs === Infinity) return
    const onDeadline = (): void => {
      const look = afterPendingInput(scheduler, () => {
        if (this.#mayBeNone()) this.#give(this.#kept, this.#arrival)
        else this.#refuse('timedOut')
      })
      this.#reading.add(look)
    }
    this.#reading.add(scheduler.schedule(onDeadline, headerMs))
  }

  #onReadable(): void {
    const { duplex } = this.#arrival
    const length = duplex.readableLength
    if (length === 0) {
      if (this.#mayBeNone()) this.#give(this.#kept, this.#arrival)
      else this.#refuse('truncated', this.#truncated())
      return
    }
    // so many bytes, and not all there are: that would read the end as well
    const chunk: unknown = duplex.read(length)
    if (chunk instanceof Uint8Array) this.#take(chunk)
  }

  #take(chunk: Uint8Array): void {
    if (this.#mayBeNone()) this.#kept = Buffer.concat([this.#kept, chunk])
    const found: { readonly header: ProxyHeader; readonly rest: Uint8Array }[] = []
    const result = this.#decoder.push(chunk, (header) => {
      found.push({ header, rest: this.#decoder.unread() })
      return false
    })
    const [first] = found
    if (first !== undefined) this.#give(first.rest, this.#proxied(first.header))
    else if (E.isRight(result)) this.#lookForEnd()
    else if (this.#mayBeNone()) this.#give(this.#kept, this.#arrival)
    else this.#refuse('malformed', result.left)
  }

  /** A stream that has its end already tells it when it is asked; but then nothing can be given back. */
  #lookForEnd(): void {
    if (this.#settings.required) this.#arrival.duplex.read(0)
  }

  /** Whether what came so far need not be a header. */
  #mayBeNone(): boolean {
    return !this.#settings.required && beginsHeader(this.#kept, this.#settings.versions) !== 'yes'
  }

  #proxied(header: ProxyHeader): Arrival {
    const proxied: Proxied = { _tag: 'Proxied', header, by: this.#remote }
    const { source, destination } = header
    const arrival = { ...this.#arrival, milestones: [...this.#arrival.milestones, proxied] }
    return source === undefined ? arrival : { ...arrival, remote: source, local: destination }
  }

  #truncated(): Error {
    const result = this.#decoder.end(() => true)
    if (E.isLeft(result)) return result.left
    return new Truncated({ phase: 'PROXY header', got: 0, bytes: new Uint8Array(0), offset: 0 })
  }

  /** Gives the socket back, paused, and the bytes that are not ours with it. */
  #give(rest: Uint8Array, arrival: Arrival): void {
    const { duplex } = this.#arrival
    this.#reading.unsubscribe()
    if (rest.length !== 0) duplex.unshift(Buffer.from(rest.buffer, rest.byteOffset, rest.length))
    // a stream knows only in the next tick that nobody waits for `readable` any more
    process.nextTick(() => {
      // what is destroyed has its error or its close still to tell
      if (duplex.destroyed || !this.#finish()) return
      duplex.pause()
      this.#outcome.done(arrival)
    })
  }

  #refuse(reason: ProxyRefusal, cause?: Error): void {
    if (this.#finish()) this.#outcome.failed(refused(this.#arrival.duplex, reason, this.#remote, cause))
  }

  /** Answers whether this is the first end of it. */
  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#reading.unsubscribe()
    this.#life.unsubscribe()
    return true
  }
}
