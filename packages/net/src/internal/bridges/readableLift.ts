import type { Readable } from 'node:stream'
import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import { StreamFailed } from '../../bridges/streamFailed.ts'
import { AlreadySubscribed } from '../../errors.ts'
import { createGate } from '../../gate.ts'

/**
 * A Node `Readable` with a gate. Not by its async iterator: that destroys a socket at the end of its input,
 * and the answer with it.
 */
export const liftReadable = (readable: Readable, destroy: boolean): Observable<Uint8Array> => {
  let taken = false
  return new Observable((subscriber) => {
    if (taken) {
      subscriber.error(new AlreadySubscribed())
      return
    }
    taken = true
    const lift = new ReadableLift(readable, subscriber)
    subscriber.add(() => {
      taken = false
      lift.stop(destroy)
    })
    lift.begin()
  })
}

class ReadableLift {
  readonly #readable: Readable
  readonly #subscriber: Subscriber<Uint8Array>
  readonly #gate = createGate({
    pause: () => {
      this.#paused = true
      this.#readable.pause()
    },
    resume: () => {
      this.#paused = false
      if (this.#ended) this.#subscriber.complete()
      else this.#readable.resume()
    },
  })
  #paused = false
  #ended = false
  /** Whether `close` was emitted: Node says `closed` before it tells the error. */
  #closed = false

  constructor(readable: Readable, subscriber: Subscriber<Uint8Array>) {
    this.#readable = readable
    this.#subscriber = subscriber
  }

  begin(): void {
    const readable = this.#readable
    if (readable.errored !== null) this.#onError(readable.errored)
    else if (readable.readableEnded) this.#onEnd()
    else if (readable.destroyed) this.#onClose()
    else {
      readable.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose)
      readable.resume()
    }
  }

  /** Before the end: destroys the readable, or leaves it paused, with all it has not given. */
  stop(destroy: boolean): void {
    const readable = this.#readable
    if (!this.#ended && !destroy) readable.pause()
    readable.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose)
    if (!this.#ended && destroy) readable.destroy()
    // one that is being destroyed may fail at that, and nobody is there any more
    if (readable.destroyed && !this.#closed) readable.once('close', () => readable.off('error', this.#onError))
    else readable.off('error', this.#onError)
  }

  readonly #onData = (chunk: Uint8Array): void => {
    this.#gate.run(() => {
      this.#subscriber.next(chunk)
    })
  }

  readonly #onEnd = (): void => {
    this.#ended = true
    if (!this.#paused) this.#subscriber.complete()
  }

  readonly #onError = (error: Error): void => {
    this.#subscriber.error(new StreamFailed('readable', error))
  }

  readonly #onClose = (): void => {
    this.#closed = true
    if (!this.#ended) this.#subscriber.error(new StreamFailed('readable'))
  }
}
