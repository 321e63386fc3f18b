import type { Socket } from 'node:net'
import type { Endpoint } from '../../connection.ts'
import { ListenFailed } from '../../errors.ts'
import type { ListenAddress } from '../../listenOptions.ts'
import { describeError } from '../transport/address.ts'
import type { BindOptions } from './binding.ts'
import { Binding } from './binding.ts'
import { showPlace } from './place.ts'

/** What {@link Bindings} tell the listener. */
export interface BindingsEvents {
  bound(addresses: readonly Endpoint[]): void
  failed(error: ListenFailed): void
  arrived(socket: Socket, path: string | undefined): void
  acceptFailed(error: Error): void
}

/** All the places of one listener, bound one after the other: all of them, or none. */
export class Bindings {
  readonly #options: BindOptions
  readonly #events: BindingsEvents
  readonly #bindings: Binding[] = []
  readonly #addresses: Endpoint[] = []
  #closed = false

  constructor(places: readonly ListenAddress[], options: BindOptions, events: BindingsEvents) {
    this.#options = options
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
    const binding = new Binding(place, this.#options, {
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
      acceptFailed: (error) => {
        this.#events.acceptFailed(error)
      },
    })
    this.#bindings.push(binding)
  }
}
