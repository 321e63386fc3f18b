import { WrongOption } from '@sluice/protocol'
import type { SchedulerLike } from 'rxjs'
import { drive } from '../internal/network/driver.ts'
import { World } from '../internal/network/world.ts'
import type { Fault } from './fault.ts'
import type { SimulatedHost } from './simulatedHost.ts'
import type { SimulatedNetworkOptions } from './simulatedNetworkOptions.ts'

/** A network in memory, on virtual time. */
export interface SimulatedNetwork {
  /** Its time; the default of all that lives on it. */
  readonly scheduler: SchedulerLike
  /** The machine of that name: there is one from the first time it is named. */
  readonly host: (name: string) => SimulatedHost
  /** Brings a fault about; the answer ends it. */
  readonly inject: (fault: Fault) => () => void
  /** Lets so much time pass, and all that happens in it happen. Rejects with what a timer has thrown. */
  readonly advance: (ms: number) => Promise<void>
  /** What happened on the network, a line each, the last ones. */
  readonly log: readonly string[]
  /** All that happened, every byte included, as a number: the same seed, the same digest. */
  readonly digest: number
}

/**
 * A network in memory on which `connect`, `listen` and all that stands on them run as on a real one: ordered bytes,
 * windows, half-close, reset, refusal, accept queue. Its time only passes when it is told to.
 *
 * ```
 *  host 'a'  ◀── 1 to 2 ms, cut anywhere ──▶  host 'server'      scheduler: virtual, from one seed
 * ```
 *
 * Whatever uses a scheduler of its own, or `setTimeout`, is not on that time: {@link simulate} sees to that as well.
 * Throws `WrongOption` for conditions that cannot be.
 *
 * ```ts
 * import { simulatedNetwork } from '@sluice/testing'
 * import { lines, serve, speak } from 'sluice'
 * import { map, of } from 'rxjs'
 *
 * const network = simulatedNetwork({ seed: 7 })
 * const [server, client] = [network.host('server'), network.host('client')]
 * server.listen({ port: 7000 }).pipe(serve(lines(), map((line) => line.toUpperCase()))).subscribe()
 * client
 *   .connect({ host: 'server', port: 7000 })
 *   .pipe(speak(lines(), (in$) => {
 *     in$.subscribe((line) => console.log(line)) // HELLO
 *     return of('hello')
 *   }))
 *   .subscribe()
 * await network.advance(100)
 * ```
 */
export const simulatedNetwork = (options: SimulatedNetworkOptions = {}): SimulatedNetwork => {
  const world = new World('simulatedNetwork()', options)
  const { time, journal } = world.fabric
  return {
    scheduler: time,
    host: (name) => world.host(name),
    inject: (fault) => world.inject(fault),
    advance: (ms) => {
      if (!(ms >= 0 && ms < Infinity)) throw new WrongOption('advance()', 'ms', ms, 'a number of milliseconds')
      const until = time.now() + ms
      return drive(time, () => until, false)
    },
    get log() {
      return journal.lines
    },
    get digest() {
      return journal.digest
    },
  }
}
