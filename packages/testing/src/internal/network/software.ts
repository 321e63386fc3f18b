import { Subscription } from 'rxjs'
import type { TeardownLogic } from 'rxjs'
import { cut } from './cutting.ts'
import type { Fabric } from './fabric.ts'
import type { HostState } from './hostState.ts'

/** What runs on a machine, and what becomes of it when the machine, or the process, goes down. */
export class Software {
  readonly #fabric: Fabric
  readonly #host: HostState
  readonly #programs: (() => TeardownLogic)[] = []
  #running = new Subscription()
  #down = 0

  constructor(fabric: Fabric, host: HostState) {
    this.#fabric = fabric
    this.#host = host
  }

  /** Starts a program now, and again whenever the machine comes up. */
  run(program: () => TeardownLogic): void {
    this.#programs.push(program)
    if (this.#down === 0) this.#running.add(program())
  }

  /** The process dies; the system closes its sockets. The answer starts it again. */
  kill(): () => void {
    for (const socket of [...this.#host.sockets]) socket.shut()
    return this.#fall(() => undefined)
  }

  /** The machine loses power, and nobody is told. The answer switches it on again. */
  crash(): () => void {
    const fabric = this.#fabric
    const host = this.#host
    const others = [...fabric.hosts].filter((other) => other !== host)
    const heal = cut(fabric, others.flatMap((other) => [fabric.link(host, other), fabric.link(other, host)])) // prettier-ignore
    host.up = false
    for (const socket of [...host.sockets]) socket.vanish()
    return this.#fall(() => {
      host.up = true
      heal()
    })
  }

  /** Ends all of it for good. */
  stop(): void {
    this.#programs.length = 0
    this.#running.unsubscribe()
  }

  #fall(rise: () => void): () => void {
    this.#host.closeAll()
    this.#down++
    this.#running.unsubscribe()
    return () => {
      rise()
      if (--this.#down !== 0) return
      this.#running = new Subscription()
      for (const program of this.#programs) this.#running.add(program())
    }
  }
}
