import type { Socket } from 'node:net'
import type { Endpoint } from '../../connection.ts'
import { ListenFailed } from '../../errors.ts'
import type { ListenAddress } from '../../listenOptions.ts'
import type { Network } from '../../network.ts'
import { describeError } from '../transport/address.ts'
import type { BindingEvents, BindOptions, Bound } from './binding.ts'
import type { Transport } from '../transport/transport.ts'
import { Binding } from './binding.ts'
import { bindNetwork } from './networkBinding.ts'
import { showPlace } from './place.ts'

/** What {@link Bindings} tell the listener. */
export interface BindingsEvents {
  bound(addresses: readonly Endpoint[]): void
  failed(error: ListenFailed): void
  arrived(socket: Socket, path: string | undefined): void
  /** Somebody has come by another network. */
  carried(transport: Transport): void
  acceptFailed(error: Error): void
}

/** All the places of one listener, bound one after the other: all of them, or none. */
export class Bindings {
  readonly #options: BindOptions
  readonly #events: BindingsEvents
  readonly #network: Network | undefined
  readonly #bindings: Bound[] = []
  readonly #addresses: Endpoint[] = []
  #closed = false

  constructor(
    places: readonly ListenAddress[],
    options: BindOptions,
    network: Network | undefined,
    events: BindingsEvents,
  ) {
    this.#options = options
    this.#network = network
    this.#events = events
    this.#bind(places)
  }

  close(): void {
    this.#closed = true
    for (const binding of this.#bindings) binding.close()
  }

  ref(keeps: boolean): void {
    for (const binding of this.#bindings) binding.ref(keeps)
  }

  #bind([place, ...others]: readonly ListenAddress[]): void {
    if (place === undefined) {
      this.#events.bound(this.#addresses)
      return
    }
    const events: BindingEvents = {
      bound: (address) => {
        this.#addresses.push(address)
        if (!this.#closed) this.#bind(others)
      },
      failed: (error) => {
        if (this.#closed) return
        this.close()
        const { code, message } = describeError(error)
        this.#events.failed(new ListenFailed(showPlace(place), code, message, error))
      },
      arrived: (socket, path) => {
        this.#events.arrived(socket, path)
      },
      carried: (transport) => {
        this.#events.carried(transport)
      },
      acceptFailed: (error) => {
        this.#events.acceptFailed(error)
      },
    }
    const network = this.#network
    this.#bindings.push(
      network === undefined
        ? new Binding(place, this.#options, events)
        : bindNetwork(network, place, this.#options, events),
    )
  }
}
