import type { Gate } from '@sluice/net'
import { createGate } from '@sluice/net'
import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'

/** How a source ends. */
export type Ending = { readonly _tag: 'Completed' } | { readonly _tag: 'Failed'; readonly error: unknown }

/** A source as a connection is one: it emits in its gate, and nothing while that is held. */
export class GatedSource<A> {
  readonly gate: Gate
  readonly values$: Observable<A>
  /** How often it was subscribed to so far. */
  subscriptions = 0
  /** How many listen to it now. */
  listeners = 0
  /** How many values were taken. */
  taken = 0
  readonly #tell: (what: string, value?: unknown) => void
  #queue: A[] = []
  #ending: Ending | null = null
  #subscriber: Subscriber<A> | null = null
  #pumping = false

  constructor(tell: (what: string, value?: unknown) => void) {
    this.#tell = tell
    this.gate = createGate({
      pause: () => undefined,
      resume: () => {
        this.#pump()
      },
    })
    this.values$ = new Observable((subscriber) => {
      this.subscriptions++
      this.listeners++
      this.#subscriber = subscriber
      this.#pump()
      return () => {
        this.listeners--
      }
    })
  }

  /** Emits them as soon as the gate lets it. */
  give(values: ReadonlyArray<A>): void {
    this.#queue.push(...values)
    this.#pump()
  }

  /** Ends behind what it has to give. */
  end(ending: Ending): void {
    this.#ending = ending
    this.#pump()
  }

  /** Has nothing to give any more. */
  drop(): void {
    this.#queue = []
  }

  /** Emits what it may; who asks for more while it does gets it after that. */
  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    try {
      while (this.#mayEmit() && this.#queue.length > 0) this.#emit(this.#queue.shift() as A)
      if (this.#mayEmit() && this.#ending !== null) this.#finish(this.#ending)
    } finally {
      this.#pumping = false
    }
  }

  #mayEmit(): boolean {
    return this.#subscriber !== null && !this.#subscriber.closed && !this.gate.held
  }

  #emit(value: A): void {
    this.taken++
    this.#tell('in', value)
    this.gate.run(() => this.#subscriber?.next(value))
  }

  #finish(ending: Ending): void {
    this.#tell(ending._tag === 'Completed' ? 'in |' : 'in #')
    this.gate.run(() => {
      if (ending._tag === 'Completed') this.#subscriber?.complete()
      else this.#subscriber?.error(ending.error)
    })
  }
}
