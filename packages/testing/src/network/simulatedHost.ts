import type { Connection, ConnectOptions, Listener, ListenOptions, Network } from '@sluice/net'
import type { Observable, TeardownLogic } from 'rxjs'

/** One machine of a simulated network. */
export interface SimulatedHost {
  readonly name: string
  /** Others reach it by its name, or by this address. */
  readonly address: string
  /** For the option `network` of whatever connects or listens on this machine. */
  readonly network: Network
  /** `connect` from here. */
  readonly connect: (options: ConnectOptions) => Observable<Connection>
  /** `listen` here. */
  readonly listen: (options: ListenOptions) => Observable<Listener>
  /**
   * Runs a program on it: at once, and again from the beginning when the host comes back from a fault that ended
   * it. What the program answers is its end.
   */
  readonly run: (program: () => TeardownLogic) => void
}
