import type { Admission } from './admission.ts'
import type { Arrival, Stage } from './arrival.ts'
import type { Guest } from './guest.ts'
import { arrivalOf, guestOf } from './guest.ts'
import type { Guestbook } from './guestbook.ts'
import { Handshakes } from './handshakes.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { WaitingRoom } from './waitingRoom.ts'

/** What an {@link Anteroom} asks and tells. */
export interface AnteroomEvents {
  /** Whether somebody takes connections right now. */
  readonly hungry: boolean
  /** Whether one more may wait. */
  readonly roomy: boolean
  /** Takes a guest, at once: asked only while `hungry`. */
  welcome(guest: Guest): void
  /** Somebody has gone, or a handshake is over: there may be room. */
  freed(): void
}

/**
 * From being let in to being taken: handshakes, and a place to wait.
 *
 * ```
 *  enter ──▶ stages ──────▶ welcome, or the room while nobody is hungry
 *              └─▶ HandshakeFailed
 * ```
 */
export class Anteroom {
  readonly #admission: Admission
  readonly #book: Guestbook
  readonly #handshakes: Handshakes
  readonly #announced: boolean
  readonly #events: AnteroomEvents
  readonly #room: WaitingRoom

  constructor(
    { stages, announced }: { readonly stages: readonly Stage[]; readonly announced: boolean },
    { scheduler, clocks }: ConnectionSettings,
    admission: Admission,
    book: Guestbook,
    events: AnteroomEvents,
  ) {
    this.#admission = admission
    this.#book = book
    this.#handshakes = new Handshakes(stages)
    this.#announced = announced
    this.#events = events
    this.#room = new WaitingRoom(scheduler, clocks.probeMs, (guest) => {
      admission.leave(guest.peer)
      book.left(guest)
      events.freed()
    })
  }

  /** How many wait for a taker. */
  get waiting(): number {
    return this.#room.size
  }

  /** How many handshakes are under way. */
  get handshakes(): number {
    return this.#handshakes.size
  }

  enter(guest: Guest): void {
    this.#admission.enter(guest.peer)
    if (this.#handshakes.any) this.#shakeHands(guest)
    else this.#settle(guest)
  }

  /** Who has waited longest. */
  take(): Guest | undefined {
    return this.#room.take()
  }

  /** Sends away who is in the middle of a handshake. */
  breakOff(): void {
    this.#handshakes.breakOff()
  }

  /** Sends away who waits: there will be no taker. */
  clear(): void {
    for (let guest = this.#room.take(); guest !== undefined; guest = this.#room.take()) {
      this.#admission.leave(guest.peer)
      this.#book.refuse(guest, 'draining')
    }
  }

  #shakeHands(guest: Guest): void {
    const { remote } = guest.transport
    const arrival = arrivalOf(guest)
    const { duplex } = arrival
    duplex.on('error', ignore)
    this.#handshakes.begin(arrival, {
      done: (shaken) => {
        duplex.off('error', ignore)
        this.#shaken(guest, shaken)
        this.#events.freed()
      },
      failed: (error) => {
        this.#admission.leave(guest.peer)
        this.#book.handshakeFailed(error, remote)
        this.#events.freed()
      },
      brokenOff: () => {
        this.#admission.leave(guest.peer)
        this.#book.refused('draining', remote)
      },
    })
  }

  /** He is who he says he is; where that was not known before, what is about one peer comes only now. */
  #shaken({ path, peer }: Guest, arrival: Arrival): void {
    if (!this.#announced) {
      this.#settle(guestOf(arrival, path, peer))
      return
    }
    const plain = guestOf(arrival, path, undefined)
    const { remote } = plain.transport
    const unix = remote?.family === 'unix'
    const guest = { ...plain, peer: this.#admission.peerOf(unix ? undefined : remote?.address) }
    const blocked = !unix && this.#admission.blocks(remote?.address)
    if (blocked || this.#admission.fullOf(guest.peer)) {
      this.#admission.leave(undefined)
      this.#book.refuse(guest, blocked ? 'blocked' : 'perPeer')
      return
    }
    this.#admission.count(guest.peer, 1)
    this.#settle(guest)
  }

  #settle(guest: Guest): void {
    if (this.#room.size === 0 && this.#events.hungry) this.#events.welcome(guest)
    else if (this.#events.roomy) this.#room.add(guest)
    else {
      this.#admission.leave(guest.peer)
      this.#book.refuse(guest, 'unconsumed')
    }
  }
}

const ignore = (): void => undefined
