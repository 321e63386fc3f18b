import type { Closed, Connection, Endpoint, InvalidMessages } from '../../connection.ts'
import type { ListenFailed } from '../../errors.ts'
import type { DrainOptions, ListenerEvent, SuspendReason } from '../../listener.ts'
import { Bindings } from './bindings.ts'
import { Budget } from './budget.ts'
import { Descriptors } from './descriptors.ts'
import { Draining } from './draining.ts'
import { Emitter } from '../connection/emitter.ts'
import type { Guest } from './guest.ts'
import { Handout } from './handout.ts'
import type { ListenSettings } from './listenSettings.ts'
import type { Host } from '../connection/liveConnection.ts'
import { LiveConnection } from '../connection/liveConnection.ts'
import { Reception } from './reception.ts'

/** What a listener tells the Observable that made it. */
export interface HostingEvents {
  listening(): void
  failed(error: ListenFailed): void
  closed(): void
}

/**
 * What a listener is put together of: its sockets ({@link Bindings}), who is let in ({@link Reception}), who
 * gets it ({@link Handout}), what it may use ({@link Budget}, {@link Descriptors}), and its end ({@link Draining}).
 */
export class Hosting implements Host {
  readonly emitter = new Emitter<ListenerEvent>()
  readonly handout: Handout
  readonly budget: Budget
  readonly descriptors: Descriptors
  readonly reception: Reception
  readonly bindings: Bindings
  addresses: readonly Endpoint[] = []
  readonly #settings: ListenSettings
  readonly #events: HostingEvents
  readonly #open = new Set<LiveConnection>()
  #draining: Draining | null = null
  #closed = false

  constructor(settings: ListenSettings, events: HostingEvents) {
    this.#settings = settings
    this.#events = events
    const { scheduler } = settings.connection
    this.handout = new Handout({
      take: () => this.reception.take(),
      welcome: (guest) => {
        this.#welcome(guest)
      },
      left: () => {
        // nobody else will come for those who wait
        if (this.#draining !== null && !this.#closed) this.reception.clear()
      },
    })
    this.budget = new Budget(settings.maxBufferedBytes, scheduler, this.#open, this.#suspension('buffered'))
    const shortage = { failed: this.#acceptFailed, ...this.#suspension('descriptors') }
    this.descriptors = new Descriptors(scheduler, shortage, settings.network === undefined)
    this.reception = this.#receive()
    this.bindings = this.#bind()
  }

  suspend(suspended: boolean): void {
    if (this.#closed || this.reception.suspended === suspended) return
    this.emitter.emit({ _tag: suspended ? 'Suspended' : 'Resumed', reason: 'asked' })
    this.reception.suspend(suspended)
  }

  /** Again: the same drain. */
  drain(deadlineMs: number, goodbye: DrainOptions['goodbye']): Draining {
    return (this.#draining ??= this.#drain(deadlineMs, goodbye))
  }

  abort(): void {
    if (this.#closed) return
    if (this.#draining !== null) this.#draining.abort()
    else {
      this.bindings.close()
      this.#abortAll()
    }
    this.#close()
  }

  invalid(connection: Connection, { messages, error }: InvalidMessages): void {
    if (this.emitter.heard) this.emitter.emit({ _tag: 'Invalid', connection, messages, error })
  }

  #receive(): Reception {
    const [handout, budget] = [this.handout, this.budget]
    return new Reception(this.#settings.reception, this.#settings.connection, {
      get hungry() {
        return handout.hungry
      },
      get buffered() {
        return budget.full
      },
      outOfDescriptors: (socket) => this.descriptors.takes(socket),
      welcome: (guest) => {
        this.#welcome(guest)
      },
      tell: (event) => {
        this.emitter.emit(event)
        this.#draining?.check()
      },
    })
  }

  #bind(): Bindings {
    const { places, bind, network } = this.#settings
    return new Bindings(places, bind, network, {
      bound: (addresses) => {
        this.addresses = addresses
        for (const address of addresses) this.emitter.milestone({ _tag: 'Listening', address })
        this.#events.listening()
      },
      failed: (error) => {
        this.#abortAll()
        this.#events.failed(error)
        this.#close()
      },
      arrived: (socket, path) => {
        this.reception.arrived(socket, path)
      },
      carried: (transport) => {
        this.reception.carried(transport)
      },
      acceptFailed: this.#acceptFailed,
    })
  }

  readonly #acceptFailed = (error: Error): void => {
    this.emitter.emit({ _tag: 'AcceptFailed', error })
  }

  #suspension(reason: SuspendReason) {
    return {
      suspended: () => {
        this.emitter.emit({ _tag: 'Suspended', reason })
      },
      resumed: () => {
        this.emitter.emit({ _tag: 'Resumed', reason })
        this.reception.admit()
      },
    }
  }

  #welcome(guest: Guest): void {
    const connection = new LiveConnection(guest.transport, this.#settings.connection, guest.milestones)
    connection.host = this
    this.#open.add(connection)
    const { peer } = guest
    connection.whenOver((closed) => {
      this.#onOver(peer, connection, closed)
    })
    this.reception.book.tally.accepted++
    this.budget.entered(connection)
    if (this.emitter.heard) this.emitter.emit({ _tag: 'Accepted', connection })
    // whoever heard of it may have sent the subscriber away
    if (!this.handout.give(connection)) connection.close()
    this.#draining?.opened(connection)
  }

  #onOver(peer: string | undefined, connection: LiveConnection, closed: Closed): void {
    this.#open.delete(connection)
    this.reception.over(peer)
    this.#draining?.ended(connection, closed)
  }

  #drain(deadlineMs: number, goodbye: DrainOptions['goodbye']): Draining {
    const reception = this.reception
    if (!this.#closed) this.emitter.milestone({ _tag: 'Draining' })
    const draining = new Draining(
      {
        open: this.#open,
        tally: reception.book.tally,
        scheduler: this.#settings.connection.scheduler,
        get present() {
          return reception.inside + reception.outside
        },
        get lingering() {
          return reception.book.refusals.size
        },
        stopAccepting: () => {
          this.bindings.close()
          reception.close()
          if (!this.handout.taken) reception.clear()
        },
        abortAll: () => {
          this.#abortAll()
        },
        drained: () => {
          this.#close()
        },
      },
      deadlineMs,
      goodbye,
    )
    reception.book.refusals.whenEmpty(() => {
      draining.check()
    })
    return draining
  }

  #abortAll(): void {
    this.reception.close()
    this.reception.clear()
    this.reception.book.refusals.stop()
    for (const connection of [...this.#open]) connection.fail({ _tag: 'ShutDown' })
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.budget.stop()
    this.descriptors.stop()
    this.emitter.milestone({ _tag: 'Closed' })
    this.emitter.complete()
    this.handout.complete()
    this.#events.closed()
  }
}
