import type { Writable } from 'node:stream'
import { NotEncodable } from '@sluice/protocol'
import type { Observable, Subscriber } from 'rxjs'
import { StreamFailed } from '../../bridges/streamFailed.ts'
import { QueueFull } from '../../errors.ts'
import type { Gate } from '../../gate.ts'
import { currentGate } from '../../gate.ts'
import { Link } from '../operators/link.ts'

/** A Node `Writable` as a sink that holds what feeds it while it is over its high-water mark. */
export class WritableSink {
  readonly #writable: Writable
  readonly #subscriber: Subscriber<never>
  readonly #end: boolean
  readonly #maxQueued: number
  #held: Gate[] = []
  /** Chunks that came over the high-water mark. */
  #over = 0
  /** Writes whose callback is still to come. */
  #pending = 0
  #completed = false
  #stopped = false
  /** Whether `close` was emitted: Node says `closed` before it tells the error. */
  #closed = false

  constructor(writable: Writable, subscriber: Subscriber<never>, end: boolean, maxQueued: number) {
    this.#writable = writable
    this.#subscriber = subscriber
    this.#end = end
    this.#maxQueued = maxQueued
  }

  listenTo(chunks$: Observable<Uint8Array | string>): void {
    const writable = this.#writable
    if (writable.errored !== null) this.#onError(writable.errored)
    else if (!writable.writable) this.#subscriber.error(new StreamFailed('writable'))
    else {
      writable.on('drain', this.#onDrain).on('finish', this.#onFinish)
      writable.on('error', this.#onError).on('close', this.#onClose)
      this.#subscriber.add(() => {
        this.#stop()
      })
      const write = (chunk: Uint8Array | string): void => {
        this.#write(chunk)
      }
      const complete = (): void => {
        this.#complete()
      }
      chunks$.subscribe(new Link(this.#subscriber, write, complete))
    }
  }

  #write(chunk: Uint8Array | string): void {
    const writable = this.#writable
    if (!writable.writable) this.#subscriber.error(new StreamFailed('writable'))
    else if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
      const what = 'what is neither bytes nor text'
      this.#subscriber.error(new NotEncodable({ what, protocol: 'toWritable()', message: chunk }))
    } else if (writable.writableNeedDrain && this.#over === this.#maxQueued) {
      this.#subscriber.error(new QueueFull('toWritable()', this.#maxQueued))
    } else {
      if (writable.writableNeedDrain) this.#over++
      this.#pending++
      if (!writable.write(chunk, this.#written)) this.#hold()
    }
  }

  #hold(): void {
    const gate = currentGate()
    if (gate === null || this.#held.includes(gate)) return
    this.#held.push(gate)
    gate.hold(this)
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const gate of held) gate.release(this)
  }

  #complete(): void {
    this.#completed = true
    this.#release()
    if (this.#end) this.#writable.end()
    else if (this.#pending === 0) this.#subscriber.complete()
  }

  /** Before the end: unpipes. */
  #stop(): void {
    this.#stopped = true
    this.#release()
    this.#writable.off('drain', this.#onDrain).off('finish', this.#onFinish)
    this.#forget()
  }

  /** As long as something of ours may still fail, an error must not end the process. */
  #forget(): void {
    const writable = this.#writable
    const mayFail = this.#pending !== 0 || writable.writableEnded || writable.destroyed
    if (this.#stopped && (this.#closed || !mayFail)) {
      writable.off('error', this.#onError).off('close', this.#onClose)
    }
  }

  readonly #written = (error?: Error | null): void => {
    this.#pending--
    // no error proves nothing where the stream is destroyed: its end follows
    const flushed = !(error instanceof Error) && !this.#writable.destroyed
    if (flushed && this.#completed && !this.#end && this.#pending === 0) this.#subscriber.complete()
    this.#forget()
  }

  readonly #onDrain = (): void => {
    this.#over = 0
    this.#release()
  }

  readonly #onFinish = (): void => {
    if (this.#completed) this.#subscriber.complete()
  }

  readonly #onError = (error: Error): void => {
    this.#subscriber.error(new StreamFailed('writable', error))
  }

  readonly #onClose = (): void => {
    this.#closed = true
    this.#subscriber.error(new StreamFailed('writable'))
    this.#forget()
  }
}
