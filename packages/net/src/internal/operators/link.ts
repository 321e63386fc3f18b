import { Subscriber } from 'rxjs'

/**
 * How every operator here listens to its source: closed together with who listens to it, also while a
 * source emits without end from inside `subscribe`; what it throws becomes an error downstream.
 */
export class Link<A, B> extends Subscriber<A> {
  readonly #next: (value: A) => void
  readonly #complete: (() => void) | undefined

  /** Without `complete`, completion is passed on; errors always are. */
  constructor(destination: Subscriber<B>, next: (value: A) => void, complete?: () => void) {
    super(destination)
    this.#next = next
    this.#complete = complete
  }

  protected override _next(value: A): void {
    try {
      this.#next(value)
    } catch (error) {
      this.destination.error(error)
    }
  }

  protected override _complete(): void {
    if (this.#complete === undefined) super._complete()
    else {
      this.unsubscribe()
      this.#complete()
    }
  }
}
