import type { SchedulerLike } from 'rxjs'
import type { Endpoint } from '../../connection.ts'
import type { Goodbye } from '../../listenOptions.ts'
import type { ListenerEvent, RefusalReason } from '../../listener.ts'
import type { Guest } from './guest.ts'
import { Refusals } from './refusals.ts'
import { Tally } from './tally.ts'

/** Who came and went without being a connection: counted, told, and sent away. */
export class Guestbook {
  readonly tally = new Tally()
  readonly refusals: Refusals
  readonly #tell: (event: ListenerEvent) => void

  constructor(goodbye: Goodbye | undefined, scheduler: SchedulerLike, tell: (event: ListenerEvent) => void) {
    this.refusals = new Refusals(goodbye, scheduler)
    this.#tell = tell
  }

  refuse(guest: Guest, reason: RefusalReason, mute = false): void {
    this.refusals.refuse(guest.duplex, reason, mute)
    this.refused(reason, guest.transport.remote)
  }

  /** Somebody was refused whose socket is closed already. */
  refused(reason: RefusalReason, remote: Endpoint | undefined): void {
    this.tally.refused[reason]++
    this.#tell({ _tag: 'Refused', reason, remote })
  }

  /** Somebody went away by himself while he waited. */
  left(guest: Guest): void {
    this.tally.left++
    this.#tell({ _tag: 'Left', remote: guest.transport.remote })
  }

  handshakeFailed(error: Error, remote: Endpoint | undefined): void {
    this.tally.handshakesFailed++
    this.#tell({ _tag: 'HandshakeFailed', error, remote })
  }
}
