import type { Connection, Endpoint, Listener, ListenOptions } from '@sluice/net'
import { listen } from '@sluice/net'
import type { Unsubscribable } from 'rxjs'
import { mergeMap, tap } from 'rxjs'

/** A listener that can be closed and opened again where it was. */
export class Hatch {
  readonly #options: ListenOptions
  readonly #came: (connection: Connection) => void
  #address: Endpoint | null = null
  #running: Unsubscribable | null = null

  constructor(options: ListenOptions, came: (connection: Connection) => void) {
    this.#options = options
    this.#came = came
  }

  get open(): boolean {
    return this.#running !== null
  }

  /** Opens it. `bound` is told once it is reachable, `failed` where it cannot be. */
  raise(bound: (address: Endpoint) => void, failed: (error: unknown) => void): void {
    if (this.#running !== null) return
    const again = this.#address?.port
    const options = again === undefined ? this.#options : { ...this.#options, port: again }
    const listening = (listener: Listener): void => {
      this.#address = listener.address
      bound(listener.address)
    }
    this.#running = listen(options)
      .pipe(
        tap(listening),
        mergeMap(({ connections$ }) => connections$),
      )
      .subscribe({
        next: this.#came,
        error: (error: unknown) => {
          this.#running = null
          failed(error)
        },
      })
  }

  /** Closes it, and aborts every connection that came through it. */
  shut(): void {
    this.#running?.unsubscribe()
    this.#running = null
  }
}
