import type { Observable } from 'rxjs'
import { Subscriber } from 'rxjs'
import type { Gate } from '../../gate.ts'
import { currentGate } from '../../gate.ts'

/** Who takes from an {@link Intake}. */
export interface Taker<A> {
  /** One value. Until `demand` is called again, also from in here, whatever fed it is held. */
  next(value: A): void
  error(error: unknown): void
  complete(): void
}

/**
 * A sink that takes one value at a time. Each `demand` is for one more.
 *
 * ```
 *  demand ──▶ subscribe      demand ──▶ release
 *             value ──▶ hold, next      value ──▶ hold, next
 * ```
 *
 * A source without a gate cannot be held: it is for the taker to bound what comes unasked.
 */
export class Intake<A> extends Subscriber<A> {
  readonly #source$: Observable<A>
  readonly #taker: Taker<A>
  #begun = false
  #held: Gate[] = []

  constructor(source$: Observable<A>, taker: Taker<A>) {
    super()
    this.#source$ = source$
    this.#taker = taker
    this.add(() => {
      this.#release()
    })
  }

  /** Subscribes the first time; later lets the sources go on that were held. */
  demand(): void {
    if (this.closed) return
    if (this.#begun) this.#release()
    else {
      this.#begun = true
      this.#source$.subscribe(this)
    }
  }

  protected override _next(value: A): void {
    const gate = currentGate()
    if (gate !== null && !this.#held.includes(gate)) {
      this.#held.push(gate)
      gate.hold(this)
    }
    this.#taker.next(value)
  }

  protected override _error(error: unknown): void {
    this.unsubscribe()
    this.#taker.error(error)
  }

  protected override _complete(): void {
    this.unsubscribe()
    this.#taker.complete()
  }

  #release(): void {
    if (this.#held.length === 0) return
    const held = this.#held
    this.#held = []
    for (const gate of held) gate.release(this)
  }
}
