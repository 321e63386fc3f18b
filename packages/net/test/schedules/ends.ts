import type { Socket } from 'node:net'
import { bytes, lines } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { BehaviorSubject, EMPTY, ignoreElements, merge, mergeMap, of, Subject, Subscription, switchMap } from 'rxjs'
import type { Closed, Clocks, Connection, ConnectionEvent } from '../../src/index.ts'
import { speak, switchTo } from '../../src/index.ts'
import type { Last, OurStep, PlainStep } from './schedule.ts'

/** Every clock of an end of ours, so that there is none it could wait for without end. */
export const CLOCK_MS = 40
export const CLOCKS: Clocks = {
  silenceMs: 10 * CLOCK_MS,
  frameMs: CLOCK_MS,
  writeProgressMs: CLOCK_MS,
  halfClosedMs: CLOCK_MS,
  lingerMs: CLOCK_MS,
  consumerMs: CLOCK_MS,
  probeMs: CLOCK_MS,
}

const FLOOD = 300_000

/** An end that is ours: does steps, and writes down what is told. */
export class OurEnd {
  readonly connection: Connection
  readonly events: ConnectionEvent[] = []
  readonly did = new Set<string>()
  closed: Closed | null = null
  /** When its last step was done, and when it was closed. */
  leftAt = Infinity
  closedAt = Infinity
  readonly #spoken: boolean
  readonly #reads$ = new BehaviorSubject(false)
  readonly #out$ = new Subject<string>()
  readonly #switch$ = new Subject<void>()
  #reading = Subscription.EMPTY
  #talking = Subscription.EMPTY

  constructor(connection: Connection, spoken: boolean) {
    this.connection = connection
    this.#spoken = spoken
    connection.events$.subscribe((event) => {
      this.events.push(event)
      if (event._tag !== 'Closed') return
      this.closed = event
      this.closedAt = performance.now()
    })
    if (spoken) this.#talk()
  }

  do(step: OurStep | Last): void {
    this.did.add(step)
    const { connection } = this
    switch (step) {
      case 'write':
      case 'flood':
        this.#write(step === 'write' ? 5 : FLOOD)
        break
      case 'closeSoon':
        connection.close({ lingerMs: 1 })
        break
      case 'abort':
        connection.abort('the schedule says so')
        break
      case 'unsubscribe':
        this.#talking.unsubscribe()
        break
      case 'read':
      case 'drop':
        this.#read(step === 'read')
        break
      case 'switch':
        this.#switch$.next()
        break
      case 'clocks':
        connection.setClocks({ ...CLOCKS, silenceMs: CLOCK_MS, onExpiry: { silence: 'event' } })
        break
      case 'end':
      case 'close':
      case 'pause':
      case 'resume':
        connection[step]()
    }
  }

  #write(size: number): void {
    if (this.#spoken) this.#out$.next('x'.repeat(size))
    else this.connection.write(Buffer.alloc(size, 'x'))
  }

  #read(reads: boolean): void {
    this.#reads$.next(reads)
    if (this.#spoken) return
    this.#reading.unsubscribe()
    if (reads) this.#reading = this.connection.data$.subscribe({ error: () => undefined })
  }

  #talk(): void {
    const whenRead = (in$: Observable<unknown>): Observable<never> =>
      this.#reads$.pipe(switchMap((reads) => (reads ? in$.pipe(ignoreElements()) : EMPTY)))
    const switched = (): Observable<never> => switchTo(this.connection, bytes(), whenRead)
    this.#talking = of(this.connection)
      .pipe(speak(lines(), (in$) => merge(this.#out$, whenRead(in$), this.#switch$.pipe(mergeMap(switched)))))
      .subscribe()
  }
}

/** What a plain socket does; what it cannot any more, it does not. */
export const doPlainly = (socket: Socket, step: PlainStep): void => {
  if (socket.destroyed) return
  const write = (bytes: string | Uint8Array): void => {
    if (socket.writable) socket.write(bytes)
  }
  switch (step) {
    case 'write':
      write('hello\n')
      break
    case 'half':
      write('hel')
      break
    case 'binary':
      write(Buffer.from([0xff, 0xfe, 0x0a]))
      break
    case 'flood':
      write(
        'x'
          .repeat(FLOOD / 10)
          .concat('\n')
          .repeat(10),
      )
      break
    case 'end':
      socket.end()
      break
    case 'reset':
      // while its own FIN is in flight a reset leaks the descriptor (FAULTS 0.5): that is not ours to test
      if (socket.writableEnded) socket.destroy()
      else socket.resetAndDestroy()
      break
    case 'destroy':
      socket.destroy()
      break
    case 'pause':
      socket.pause()
      break
    case 'resume':
      socket.resume()
  }
}
