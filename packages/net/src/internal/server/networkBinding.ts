import type { ListenAddress } from '../../listenOptions.ts'
import type { Network } from '../../network.ts'
import type { BindingEvents, BindOptions, Bound } from './binding.ts'

/** A place on another network. */
export const bindNetwork = (
  network: Network,
  { host, port, path }: ListenAddress,
  { backlog, keepAliveMs }: BindOptions,
  events: BindingEvents,
): Bound => {
  const binding = network.bind({ host, port, path, keepAliveMs }, backlog, {
    bound: (address) => {
      events.bound(address)
    },
    failed: (error) => {
      events.failed(error)
    },
    arrived: (transport) => {
      events.carried(transport)
    },
  })
  return {
    close: () => {
      binding.close()
    },
    ref: () => undefined,
  }
}
