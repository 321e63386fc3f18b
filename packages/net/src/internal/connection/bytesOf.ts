import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import type { Inlet } from './inlet.ts'
import type { Reader } from './reader.ts'

/** `data$` of a connection. */
export const bytesOf = (inlet: Inlet): Observable<Uint8Array> =>
  new Observable<Uint8Array>((subscriber) => {
    const reader = new ByteReader(inlet, subscriber)
    subscriber.add(reader)
    inlet.attach(reader)
  })

class ByteReader implements Reader {
  readonly copies = false
  readonly #inlet: Inlet
  readonly #subscriber: Subscriber<Uint8Array>

  constructor(inlet: Inlet, subscriber: Subscriber<Uint8Array>) {
    this.#inlet = inlet
    this.#subscriber = subscriber
  }

  chunk(bytes: Uint8Array): void {
    this.#subscriber.next(bytes)
  }

  end(): void {
    this.#subscriber.complete()
  }

  cut(): void {
    this.#subscriber.complete()
  }

  fail(error: Error): void {
    this.#subscriber.error(error)
  }

  frameSince(): number | null {
    return null
  }

  /** The subscriber has gone. */
  unsubscribe(): void {
    this.#inlet.detach(this)
  }
}
