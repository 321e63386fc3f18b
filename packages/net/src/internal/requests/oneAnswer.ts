import { Subscriber } from 'rxjs'
import type { Answering } from '../../requests/answering.ts'

/** One answer on its way: the value, or what is made of the failure; and the signal, if it is left before that. */
export class OneAnswer<Res> extends Subscriber<Res> implements Answering {
  readonly #recover: ((error: unknown) => Res) | null
  #controller: AbortController | null = null
  #settled = false
  #left = false

  constructor(destination: Subscriber<Res>, recover: ((error: unknown) => Res) | null) {
    super(destination)
    this.#recover = recover
    this.add(() => {
      this.#leave()
    })
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#left) this.#controller.abort()
    return this.#controller.signal
  }

  protected override _next(value: Res): void {
    this.#settled = true
    this.destination.next(value)
  }

  protected override _error(error: unknown): void {
    this.#settled = true
    try {
      if (this.#recover === null) this.destination.error(error)
      else {
        this.destination.next(this.#recover(error))
        this.destination.complete()
      }
    } catch (thrown) {
      this.destination.error(thrown)
    }
  }

  protected override _complete(): void {
    this.#settled = true
    super._complete()
  }

  #leave(): void {
    if (this.#settled) return
    this.#left = true
    this.#controller?.abort()
  }
}
