import type { Network } from '@sluice/net'
import { connect, listen } from '@sluice/net'
import { WrongOption } from '@sluice/protocol'
import type { Fault } from '../../network/fault.ts'
import { showFault } from '../../network/fault.ts'
import type { SimulatedHost } from '../../network/simulatedHost.ts'
import type { SimulatedNetworkOptions } from '../../network/simulatedNetworkOptions.ts'
import { Dialling } from './dialling.ts'
import type { FabricSettings } from './fabric.ts'
import { Fabric } from './fabric.ts'
import type { HostState } from './hostState.ts'
import { inject } from './injecting.ts'
import { Journal } from './journal.ts'
import { Software } from './software.ts'
import { VirtualTime } from './virtualTime.ts'

/** A simulated network with what runs on it. */
export class World {
  readonly fabric: Fabric
  readonly #software = new Map<HostState, Software>()
  readonly #faces = new Map<HostState, SimulatedHost>()

  constructor(where: string, options: SimulatedNetworkOptions) {
    const lines = atLeast(where, 'logLines', options.logLines, 1_000, 1)
    this.fabric = new Fabric(settingsOf(where, options), new VirtualTime(), new Journal(lines))
  }

  get openSockets(): readonly string[] {
    return [...this.fabric.hosts].flatMap(({ sockets }) => Array.from(sockets, ({ name }) => name))
  }

  host(name: string): SimulatedHost {
    const host = this.fabric.host(name)
    let face = this.#faces.get(host)
    if (face === undefined) {
      face = this.#faceOf(host)
      this.#faces.set(host, face)
    }
    return face
  }

  inject(fault: Fault): () => void {
    const { time, journal } = this.fabric
    journal.note(time.now(), '*', showFault(fault))
    const injected = { fabric: this.fabric, software: (host: HostState) => this.#softwareOf(host) }
    const end = inject(injected, fault)
    let over = false
    return () => {
      if (over) return
      over = true
      journal.note(time.now(), '*', `over: ${showFault(fault)}`)
      end()
    }
  }

  /** Ends every program. */
  stop(): void {
    for (const software of this.#software.values()) software.stop()
  }

  #softwareOf(host: HostState): Software {
    let software = this.#software.get(host)
    if (software === undefined) this.#software.set(host, (software = new Software(this.fabric, host)))
    return software
  }

  #faceOf(host: HostState): SimulatedHost {
    const network = networkOf(this.fabric, host)
    return {
      name: host.name,
      address: host.address,
      network,
      connect: (options) => connect({ ...options, network }),
      listen: (options) => listen({ ...options, network }),
      run: (program) => {
        this.#softwareOf(host).run(program)
      },
    }
  }
}

const networkOf = (fabric: Fabric, host: HostState): Network => ({
  scheduler: fabric.time,
  dial: (to, dialled) => {
    const dialling = new Dialling(fabric, host, to, dialled)
    return () => {
      dialling.breakOff()
    }
  },
  bind: (place, backlog, arrivals) => host.bind(place, backlog, arrivals),
})

const settingsOf = (where: string, options: SimulatedNetworkOptions): FabricSettings => ({
  seed: atLeast(where, 'seed', options.seed, 0, -Infinity),
  latencyMs: atLeast(where, 'latencyMs', options.latencyMs, 1, 0),
  jitterMs: atLeast(where, 'jitterMs', options.jitterMs, 1, 0),
  bytesPerMs: atLeast(where, 'bytesPerSecond', options.bytesPerSecond, Infinity, 1) / 1000,
  windowBytes: atLeast(where, 'windowBytes', options.windowBytes, 65_536, 1),
  sendBufferBytes: atLeast(where, 'sendBufferBytes', options.sendBufferBytes, 65_536, 1),
  giveUpMs: atLeast(where, 'giveUpMs', options.giveUpMs, 924_600, 1),
  segments: options.segments ?? 'random',
})

const atLeast = (where: string, name: string, given: number | undefined, fallback: number, least: number): number => {
  const value = given ?? fallback
  if (typeof value === 'number' && value >= least) return value
  throw new WrongOption(where, name, value, `a number, ${String(least)} at least`)
}
