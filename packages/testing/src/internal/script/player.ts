import type { Socket } from 'node:net'
import type { SchedulerLike } from 'rxjs'
import { firstValueFrom, isObservable } from 'rxjs'
import type { Step } from '../../script.ts'
import type { Departure } from '../../departure.ts'
import { ScriptBroken } from '../../scriptBroken.ts'

const NOTHING = new Uint8Array(0)

/** Thrown from wherever a step stands, and caught where the steps are counted. */
class Departed extends Error {
  readonly departure: Departure

  constructor(departure: Departure) {
    super(departure._tag)
    this.departure = departure
  }
}

/** Plays a script on a socket, step by step. */
export class Player {
  readonly #socket: Socket
  readonly #scheduler: SchedulerLike
  readonly #withinMs: number
  /** Bytes that have come, and that no step has read. */
  #unread: Uint8Array = NOTHING
  /** What the step under way has read and found right. */
  #right: Uint8Array = NOTHING
  #ended = false
  #broken = false
  #wake: () => void = () => undefined
  #halt: (departed: Departed) => void = () => undefined

  constructor(socket: Socket, scheduler: SchedulerLike, withinMs: number) {
    this.#socket = socket
    this.#scheduler = scheduler
    this.#withinMs = withinMs
    socket.on('readable', () => {
      this.#wake()
    })
    socket.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    for (const event of ['error', 'close']) {
      socket.on(event, () => {
        this.#broken = true
        this.#wake()
      })
    }
  }

  /** Rejects with `ScriptBroken`; the socket is destroyed then. */
  async play(steps: readonly Step[]): Promise<void> {
    for (const [at, step] of steps.entries()) await this.#guarded(steps, at, () => this.#step(step))
    await this.#guarded(steps, steps.length, () => {
      if (this.#take()) throw new Departed({ _tag: 'Bytes', bytes: this.#unread, offset: 0 })
      return Promise.resolve()
    })
  }

  /** Nobody waits for the rest. */
  stop(): void {
    this.#halt(new Departed({ _tag: 'Stopped', bytes: this.#came }))
  }

  async #guarded(steps: readonly Step[], at: number, f: () => Promise<void>): Promise<void> {
    this.#right = NOTHING
    const within = steps[at]?._tag === 'Wait' ? Infinity : this.#withinMs
    const halted = new Promise<never>((_, reject) => (this.#halt = reject))
    // it may be told to stop when this step is done
    halted.catch(() => undefined)
    const limit = this.#schedule(within, () => {
      this.#halt(new Departed({ _tag: 'Nothing', bytes: this.#came, afterMs: within }))
    })
    try {
      await Promise.race([f(), halted])
    } catch (error) {
      this.#socket.destroy()
      throw error instanceof Departed ? new ScriptBroken(steps, at, error.departure) : error
    } finally {
      limit.unsubscribe()
    }
  }

  #schedule(ms: number, f: () => void): { unsubscribe: () => void } {
    return ms === Infinity ? { unsubscribe: () => undefined } : this.#scheduler.schedule(f, ms)
  }

  async #step(step: Step): Promise<void> {
    switch (step._tag) {
      case 'Read':
        return this.#read(step.bytes)
      case 'ReadEnd':
        return this.#readEnd()
      case 'ReadReset':
        return this.#readReset()
      case 'Write':
        return this.#flushed((done) => this.#socket.write(step.bytes, done))
      case 'End':
        return this.#flushed((done) => this.#socket.end(done))
      case 'Reset':
        return this.#reset()
      case 'Wait':
        return new Promise((resolve) => {
          this.#schedule(step.ms, resolve)
        })
      case 'Until':
        return this.#until(step.event)
    }
  }

  async #read(bytes: Uint8Array): Promise<void> {
    for (;;) {
      this.#take()
      const due = bytes.subarray(this.#right.length)
      const came = this.#unread.subarray(0, due.length)
      if (Buffer.compare(came, due.subarray(0, came.length)) !== 0) {
        const offset = this.#right.length + came.findIndex((byte, i) => byte !== due[i])
        throw new Departed({ _tag: 'Bytes', bytes: this.#came, offset })
      }
      this.#unread = this.#unread.subarray(came.length)
      this.#right = bytes.subarray(0, this.#right.length + came.length)
      if (came.length === due.length) return
      await this.#more()
    }
  }

  async #readEnd(): Promise<void> {
    while (!this.#ended) {
      if (this.#take()) throw new Departed({ _tag: 'Bytes', bytes: this.#unread, offset: 0 })
      await this.#more('end')
    }
  }

  async #readReset(): Promise<void> {
    while (!this.#broken) {
      if (this.#take()) throw new Departed({ _tag: 'Bytes', bytes: this.#unread, offset: 0 })
      await this.#more('reset')
    }
  }

  /** All that has come for the step under way. */
  get #came(): Uint8Array {
    return Buffer.concat([this.#right, this.#unread])
  }

  /** Takes what has come. Answers whether anything waits for a step that reads it. */
  #take(): boolean {
    // until there is nothing: only then Node tells of more
    for (let chunk: unknown = this.#socket.read(); chunk instanceof Uint8Array; chunk = this.#socket.read()) {
      this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk])
    }
    return this.#unread.length > 0
  }

  /** Until something has happened; unless what was to come cannot come any more. */
  async #more(welcome?: 'end' | 'reset'): Promise<void> {
    if (this.#broken && welcome !== 'reset') throw new Departed({ _tag: 'Reset', bytes: this.#came })
    if (this.#ended && welcome !== 'end' && welcome !== 'reset') throw new Departed({ _tag: 'End', bytes: this.#came })
    await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  #flushed(f: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      f((error) => {
        if (error === undefined || error === null) resolve()
        else reject(new Departed({ _tag: 'Reset', bytes: this.#came }))
      })
    })
  }

  async #reset(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#socket.once('close', () => {
        resolve()
      })
    })
    if (this.#socket.remoteFamily === undefined) this.#socket.destroy()
    else this.#socket.resetAndDestroy()
    await closed
  }

  async #until(event: () => unknown): Promise<void> {
    try {
      const awaited = event()
      await (isObservable(awaited) ? firstValueFrom(awaited, { defaultValue: undefined }) : awaited)
    } catch (error) {
      throw new Departed({ _tag: 'Failed', error })
    }
  }
}
