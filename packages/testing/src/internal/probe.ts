import { Subscriber } from 'rxjs'

/** What a {@link Probe} hears; `late` says that it had left, or that all was over. */
export type Notification<A> =
  | { readonly _tag: 'Next'; readonly value: A; readonly late: boolean }
  | { readonly _tag: 'Error'; readonly error: unknown; readonly late: boolean }
  | { readonly _tag: 'Complete'; readonly late: boolean }

/** Hears everything that it is told, also what RxJS would keep from a subscriber that is closed. */
export class Probe<A> extends Subscriber<A> {
  readonly #hear: (notification: Notification<A>) => void

  constructor(hear: (notification: Notification<A>) => void) {
    super()
    this.#hear = hear
  }

  override next(value: A): void {
    this.#hear({ _tag: 'Next', value, late: this.isStopped })
  }

  override error(error: unknown): void {
    const late = this.isStopped
    super.error(error)
    this.#hear({ _tag: 'Error', error, late })
  }

  override complete(): void {
    const late = this.isStopped
    super.complete()
    this.#hear({ _tag: 'Complete', late })
  }

  protected override _error(): void {
    this.unsubscribe()
  }

  protected override _complete(): void {
    this.unsubscribe()
  }
}
