import type { Socket } from 'node:net'
import type { Goodbye } from '../../listenOptions.ts'
import type { ListenerEvent, RefusalReason } from '../../listener.ts'
import type { AdmissionLimits } from './admission.ts'
import { Admission } from './admission.ts'
import { Anteroom } from './anteroom.ts'
import type { Arrival, Stage } from './arrival.ts'
import type { Guest } from './guest.ts'
import { guestOf, NetworkGuest } from './guest.ts'
import { Guestbook } from './guestbook.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { Transport } from '../transport/transport.ts'
import { WaitingRoom } from './waitingRoom.ts'

export interface ReceptionSettings extends AdmissionLimits {
  readonly maxUnconsumed: number
  readonly maxHandshakes: number
  readonly atLimit: 'refuse' | 'wait'
  readonly goodbye: Goodbye | undefined
  readonly stages: readonly Stage[]
  /** Whether a stage tells who the peer really is: until then nobody is looked up in a list, or counted. */
  readonly announced: boolean
  /** Whether who has not shaken hands yet expects TLS. */
  readonly encrypted: boolean
}

/** What a {@link Reception} asks and tells the listener. */
export interface Host {
  /** Whether somebody takes connections right now. */
  readonly hungry: boolean
  /** Whether too many bytes wait for anybody else to be let in. */
  readonly buffered: boolean
  /** Whether this one has one of the last descriptors. */
  outOfDescriptors(socket: Socket): boolean
  /** Takes a guest, at once: asked only while `hungry`. */
  welcome(guest: Guest): void
  tell(event: ListenerEvent): void
}

/**
 * Who is let in, and who waits for it or is sent away (R24).
 *
 * ```
 *  arrived ──▶ blocked? suspended? a limit? ──▶ anteroom ──▶ welcome
 *                    │          │ wait              │
 *                    ▼          ▼                   ▼ while nobody is hungry
 *                 Refused     hall                 room      both together: maxUnconsumed
 * ```
 */
export class Reception {
  readonly book: Guestbook
  readonly #settings: ReceptionSettings
  readonly #host: Host
  readonly #admission: Admission
  readonly #anteroom: Anteroom
  /** Who has not been let in yet. */
  readonly #hall: WaitingRoom
  #suspended = false
  #closed = false

  constructor(settings: ReceptionSettings, connection: ConnectionSettings, host: Host) {
    this.#settings = settings
    this.#host = host
    const { scheduler, clocks } = connection
    const book = new Guestbook(settings.goodbye, scheduler, (event) => {
      host.tell(event)
    })
    this.book = book
    this.#admission = new Admission(settings)
    this.#hall = new WaitingRoom(scheduler, clocks.probeMs, (guest) => {
      book.left(guest)
    })
    const roomy = (): boolean => this.waiting < settings.maxUnconsumed
    this.#anteroom = new Anteroom(settings, connection, this.#admission, book, {
      get hungry() {
        return host.hungry
      },
      get roomy() {
        return roomy()
      },
      welcome: (guest) => {
        host.welcome(guest)
      },
      freed: () => {
        this.admit()
      },
    })
  }

  /** How many were let in and are still here. */
  get inside(): number {
    return this.#admission.inside
  }

  /** How many were not let in yet. */
  get outside(): number {
    return this.#hall.size
  }

  /** How many wait, inside or outside. */
  get waiting(): number {
    return this.#hall.size + this.#anteroom.waiting
  }

  get suspended(): boolean {
    return this.#suspended
  }

  arrived(socket: Socket, path: string | undefined): void {
    this.book.tally.arrived++
    const known = path === undefined && !this.#settings.announced
    const address = known ? socket.remoteAddress : undefined
    const guest = guestOf({ duplex: socket, milestones: NONE }, path, this.#admission.peerOf(address))
    if (!this.#closed && this.#host.outOfDescriptors(socket)) this.#refuse(guest, 'descriptors')
    else this.#receive(guest, known, address)
  }

  /** Somebody who has come by another network. */
  carried(transport: Transport): void {
    this.book.tally.arrived++
    const known = transport.remote?.family !== 'unix' && !this.#settings.announced
    const address = known ? transport.remote?.address : undefined
    this.#receive(new NetworkGuest(transport, this.#admission.peerOf(address)), known, address)
  }

  #receive(guest: Guest, known: boolean, address: string | undefined): void {
    if (this.#closed) this.#refuse(guest, 'draining')
    else if (known && this.#admission.blocks(address)) this.#refuse(guest, 'blocked')
    else {
      const reason = this.#obstacle(guest)
      if (reason === null) this.#anteroom.enter(guest)
      else this.#keepOut(guest, reason)
    }
  }

  /** The connection of somebody who was let in is over: there may be room for who waits. */
  over(peer: string | undefined): void {
    this.#admission.leave(peer)
    this.admit()
  }

  /** Who has waited longest for a taker. */
  take(): Guest | undefined {
    return this.#anteroom.take()
  }

  suspend(suspended: boolean): void {
    this.#suspended = suspended
    this.admit()
  }

  /** Lets in whoever may come in by now. */
  admit(): void {
    if (this.#hall.size === 0) return
    for (const guest of this.#hall.guests()) {
      const reason = this.#obstacle(guest)
      if (reason === null) {
        this.#hall.remove(guest)
        this.#anteroom.enter(guest)
      } else if (reason !== 'perPeer') return
    }
  }

  /** Sends away who was not let in, or is in the middle of a handshake. Nobody is let in any more. */
  close(): void {
    this.#closed = true
    for (let guest = this.#hall.take(); guest !== undefined; guest = this.#hall.take()) {
      this.#refuse(guest, 'draining')
    }
    this.#anteroom.breakOff()
  }

  /** Sends away who waits for a taker: there will be none. */
  clear(): void {
    this.#anteroom.clear()
  }

  /** Why he cannot come in now. */
  #obstacle(guest: Guest): RefusalReason | null {
    if (this.#suspended) return 'suspended'
    const full = this.#admission.full(guest.peer)
    if (full !== null) return full
    if (this.#host.buffered) return 'buffered'
    return this.#anteroom.handshakes >= this.#settings.maxHandshakes ? 'handshakes' : null
  }

  #refuse(guest: Guest, reason: RefusalReason): void {
    this.book.refuse(guest, reason, this.#settings.encrypted)
  }

  #keepOut(guest: Guest, reason: RefusalReason): void {
    const { atLimit, maxUnconsumed } = this.#settings
    const waits = reason === 'suspended' || atLimit === 'wait'
    if (waits && this.waiting < maxUnconsumed) this.#hall.add(guest)
    else this.#refuse(guest, reason)
  }
}

const NONE: Arrival['milestones'] = []
