import type { Endpoint, Transport, TransportSink } from '@sluice/net'
import { ByteFifo } from './byteFifo.ts'
import { KeepAlive } from './keepAlive.ts'
import type { Link } from './link.ts'
import { Outlet } from './outlet.ts'
import type { Surroundings } from './surroundings.ts'
import type { Task } from './virtualTime.ts'
import type { SegmentKind, WireEnd } from './wire.ts'
import { Wire } from './wire.ts'

/** What a socket needs of its machine. */
export interface SocketHost {
  readonly sockets: Set<SimulatedSocket>
}

/** What a socket is put together of. */
export interface SocketPlan {
  readonly surroundings: Surroundings
  readonly host: SocketHost
  readonly toPeer: Link
  readonly fromPeer: Link
  readonly local: Endpoint
  readonly remote: Endpoint | undefined
  /** As it stands in the log. */
  readonly name: string
  readonly keepAliveMs: number
}

/** Node reads at most so much at a time. */
const READ_BYTES = 64 * 1024

/**
 * One end of a simulated connection. What is told, and when, is what Node tells of a socket: neither FIN nor reset
 * while paused, no reset once the FIN was read but to who writes or asks (FAULTS 0.2, 0.3).
 */
export class SimulatedSocket implements Transport {
  readonly tls = undefined
  readonly copies = true
  readonly local: Endpoint
  readonly remote: Endpoint | undefined
  readonly host: SocketHost
  readonly name: string
  readonly #surroundings: Surroundings
  readonly #fromPeer: Link
  readonly #wire: Wire
  readonly #outlet: Outlet
  readonly #keepAlive: KeepAlive
  readonly #arrived = new ByteFifo()
  #peer: SimulatedSocket | null = null
  #sink: TransportSink | null = null
  #flowing = false
  #delivery: Task | null = null
  #fin: 'none' | 'arrived' | 'told' = 'none'
  /** What broke it, not told yet. */
  #broken: string | null = null
  #ended = false
  #flushed = false
  #closed = false
  #forgotten = false

  constructor(plan: SocketPlan) {
    const { surroundings, host, toPeer, fromPeer } = plan
    this.#surroundings = surroundings
    this.#fromPeer = fromPeer
    this.host = host
    this.local = plan.local
    this.remote = plan.remote
    this.name = plan.name
    const end: WireEnd = { arrived: (kind, bytes) => this.#peer?.arrived(kind, bytes) }
    this.#wire = new Wire(surroundings, toPeer, this, end, plan.name)
    this.#outlet = new Outlet(surroundings, toPeer, this.#wire, this)
    this.#keepAlive = new KeepAlive(surroundings, plan.keepAliveMs, {
      passes: () => toPeer.passes && fromPeer.passes,
      answers: () => this.#peer?.forgotten === false,
      unacknowledged: () => !this.#wire.empty,
      broke: (code) => {
        this.#onBroken(code)
      },
    })
    host.sockets.add(this)
  }

  get queuedBytes(): number {
    return this.#outlet.heldBytes
  }

  get flushing(): number {
    return this.#outlet.heldBytes
  }

  get peer(): SimulatedSocket | null {
    return this.#peer
  }

  /** Whether its system knows nothing of it any more. */
  get forgotten(): boolean {
    return this.#forgotten
  }

  meet(peer: SimulatedSocket): void {
    this.#peer = peer
  }

  attach(sink: TransportSink): void {
    this.#sink = sink
  }

  resume(): void {
    this.#flowing = true
    if (this.#arrived.length !== 0 || this.#fin === 'arrived' || this.#broken !== null) this.#deliverSoon()
  }

  pause(): void {
    this.#flowing = false
  }

  write(parts: readonly Uint8Array[]): void {
    if (this.#closed) return
    if (this.#broken === null) this.#outlet.write(parts)
    else this.#failSoon()
  }

  end(): void {
    if (this.#closed || this.#ended) return
    this.#ended = true
    if (this.#broken === null) this.#outlet.end()
    else this.#failSoon()
  }

  abort(): void {
    if (this.#closed) return
    const inFlight = this.#ended && !this.#flushed
    if (inFlight || this.local.family === 'unix') this.#close()
    else this.#reset()
  }

  probe(alive: () => void): void {
    this.#surroundings.time.after(0, () => {
      if (this.#closed) return
      if (this.#broken === null || this.#ended) alive()
      else this.#fail()
    })
  }

  ref(): void {
    // nothing that would keep a process running
  }

  /** A reset, from the wire or from a firewall on the way. */
  reset(): void {
    this.#onBroken('ECONNRESET')
  }

  /** The system closes it for a process that is gone: a reset where input is unread, else a FIN. */
  shut(): void {
    if (!this.#closed) this.#close()
  }

  /** Its machine lost power: nothing leaves any more, and nobody is told. */
  vanish(): void {
    this.#forget()
    this.#finish()
  }

  /** The peer cannot be asked, or will not answer: TCP finds out when it asks. */
  suspect(): void {
    if (!this.#closed && this.#broken === null) this.#keepAlive.suspect()
  }

  arrived(kind: SegmentKind, bytes: Buffer): void {
    this.#keepAlive.heard()
    if (this.#closed || this.#broken !== null) {
      if (kind === 'data' && this.#broken === null) this.#answerReset()
    } else if (kind === 'rst') this.#onBroken('ECONNRESET')
    else if (kind === 'fin') {
      this.#fin = 'arrived'
      if (this.#flowing && this.#arrived.length === 0) this.#tellFin()
    } else if (this.#flowing && this.#arrived.length === 0) this.#give(bytes)
    else this.#arrived.push(bytes)
  }

  gaveUp(): void {
    this.#forget()
    this.#onBroken('ETIMEDOUT')
  }

  /** The peer has read so much; we hear of it then. */
  credit(bytes: number, at: number): void {
    this.#outlet.credit(bytes, at)
  }

  drained(): void {
    if (!this.#closed) this.#sink?.drained()
  }

  flushed(): void {
    if (this.#closed || this.#flushed) return
    this.#flushed = true
    this.#sink?.flushed()
    this.#release()
  }

  #give(bytes: Buffer): void {
    const { time } = this.#surroundings
    this.#peer?.credit(bytes.length, time.now() + this.#fromPeer.usualMs)
    this.#sink?.received(bytes)
  }

  #deliverSoon(): void {
    this.#delivery ??= this.#surroundings.time.after(0, () => {
      this.#delivery = null
      this.#deliver()
    })
  }

  #deliver(): void {
    if (!this.#flowing || this.#closed) return
    if (this.#arrived.length !== 0) {
      this.#give(this.#arrived.take(READ_BYTES))
      this.#deliverSoon()
    } else if (this.#broken !== null && this.#fin !== 'told') this.#fail()
    else if (this.#fin === 'arrived') this.#tellFin()
  }

  #tellFin(): void {
    this.#fin = 'told'
    this.#sink?.peerEnded()
    this.#release()
  }

  #onBroken(code: string): void {
    if (this.#closed || this.#broken !== null) return
    // Linux says it so where the peer had ended before
    this.#broken = code === 'ECONNRESET' && this.#fin !== 'none' ? 'EPIPE' : code
    this.#keepAlive.stop()
    this.#outlet.discard()
    this.#wire.cutOff()
    // who is writing hears of it at once, who reads behind the last byte, and else nobody
    const writing = this.#outlet.heldBytes !== 0 || (this.#ended && !this.#flushed)
    if (writing) this.#failSoon()
    else if (this.#flowing && this.#fin !== 'told') this.#deliverSoon()
  }

  #failSoon(): void {
    this.#surroundings.time.after(0, () => {
      this.#fail()
    })
  }

  #fail(): void {
    if (this.#closed || this.#broken === null) return
    const code = this.#broken
    this.#forget()
    this.#sink?.failed(systemError(code, this.#fin === 'told' ? 'write' : 'read'))
    this.#finish()
  }

  #reset(): void {
    this.#outlet.discard()
    if (this.#broken === null) this.#wire.launch('rst', NOTHING)
    this.#finish()
  }

  #close(): void {
    if (this.#broken === null && this.#arrived.length !== 0) this.#reset()
    else {
      this.#outlet.orphan()
      this.#finish()
    }
  }

  #release(): void {
    if (this.#fin === 'told' && this.#flushed && !this.#closed) this.#finish()
  }

  #forget(): void {
    this.#forgotten = true
    this.#outlet.discard()
    this.#wire.cutOff()
    this.#peer?.suspect()
  }

  /** It is closed; that is told in a moment. */
  #finish(): void {
    if (this.#closed) return
    this.#closed = true
    this.#keepAlive.stop()
    this.#arrived.clear()
    this.host.sockets.delete(this)
    this.#surroundings.time.after(0, () => {
      this.#sink?.gone()
    })
  }

  /** Bytes for a socket that is closed, or that nobody here knows. */
  #answerReset(): void {
    const peer = this.#peer
    this.#surroundings.time.after(this.#fromPeer.delay(), () => peer?.reset())
  }
}

const NOTHING = Buffer.alloc(0)

/** An error as the system writes it. */
export const systemError = (code: string, syscall: string, where = ''): NodeJS.ErrnoException =>
  Object.assign(new Error(`${syscall} ${code}${where}`), { code, syscall })
