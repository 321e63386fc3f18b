import type { Unsubscribable } from 'rxjs'
import type { RequestError } from '../../requests/requestErrors.ts'

/** Who asked. Told answers, and then one of `done` and `failed`, once. */
export interface Asker<Res> {
  answer(answer: Res): void
  done(): void
  failed(error: RequestError): void
}

/**
 * Where a request is. Settled is for ever.
 *
 * ```
 *  waiting ──sent──▶ inFlight ──lost, and idempotent──▶ resting ──▶ waiting
 *     └─────────────────┴──────────────┬───────────────────┘
 *                                      ▼
 *                                   settled
 * ```
 */
export type AskedState = 'waiting' | 'inFlight' | 'resting' | 'settled'

/** What a request needs of the connection it was sent on. */
export interface SentOn<Req, Res, Out> {
  /** Whether this side does not read now: the peer is not to blame for what does not come. */
  readonly paused: boolean
  /** Nobody waits any more. */
  leave(asked: Asked<Req, Res, Out>): void
}

/** A request, or a message that needs no answer. */
export type Says<Req, Out> =
  { readonly _tag: 'Request'; readonly request: Req } | { readonly _tag: 'Note'; readonly message: Out }

/** One request, from its asking to its end. */
export class Asked<Req, Res, Out> {
  readonly says: Says<Req, Out>
  readonly asker: Asker<Res>
  readonly idempotent: boolean
  readonly timeoutMs: number
  #state: AskedState = 'waiting'
  dueAt = Infinity
  /** Whether it was sent, now or in an attempt before: what the peer may have seen. */
  sent = false
  /** Whether anything of the answer was passed on: then it is not asked again. */
  answered = false
  attempts = 0
  /** For the places: its number in the order, or its id. */
  key = 0
  on: SentOn<Req, Res, Out> | null = null
  /** The wait before another attempt. */
  rest: Unsubscribable | null = null
  signal: AbortSignal | undefined = undefined
  /** Leaves the signal. */
  forget: (() => void) | null = null

  constructor(says: Says<Req, Out>, asker: Asker<Res>, idempotent: boolean, timeoutMs: number) {
    this.says = says
    this.asker = asker
    this.idempotent = idempotent
    this.timeoutMs = timeoutMs
  }

  get state(): AskedState {
    return this.#state
  }

  become(state: AskedState): void {
    this.#state = state
  }
}
