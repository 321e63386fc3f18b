import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import type { Subscriber } from 'rxjs'
import { Observable } from 'rxjs'
import type { Client, Connection, Mode } from '../../src/index.ts'
import { backoff, client, ConnectFailed, correlated, pipelined, pool, streaming } from '../../src/index.ts'
import { VirtualClock } from '../support/virtualClock.ts'
import { Asking } from './asking.ts'
import { judge } from './judge.ts'
import { Peer } from './peer.ts'
import type { Schedule, Step } from './schedule.ts'

/** How the requests of one schedule went. */
export interface Outcome {
  /** What each came to, by name. */
  readonly ends: readonly string[]
  readonly wrong: readonly string[]
}

/** Changes a mode: to show that what is wrong is found. */
export type Tamper = (mode: Mode<string, string, string>) => Mode<string, string, string>

/** Plays a schedule in memory and in virtual time, and judges it. */
export const play = async (schedule: Schedule, tamper: Tamper = (mode) => mode): Promise<Outcome> => {
  const stage = new Stage(schedule, tamper)
  for (const step of schedule.steps) {
    if (step.does === 'turn') await turn()
    else stage.do(step)
    if (step.does === 'turn') stage.look()
  }
  await stage.finish()
  return { ends: stage.asked.map(({ end }) => end), wrong: [...stage.wrong, ...judge(stage)] }
}

const modeOf = ({ mode, streaming: parts }: Schedule): Mode<string, string, string> => {
  const isPush = (line: string): boolean => line === '!'
  const byId = correlated<string, string, string>({
    idOf: (line) => (isPush(line) ? undefined : parseInt(line)),
    withId: (name, id) => `${String(id)} ${name}`,
  })
  const one = mode === 'pipelined' ? pipelined<string, string>({ isPush }) : byId
  return parts ? streaming(one, { isLast: (line) => !line.endsWith('…') }) : one
}

/** A client, its askers and its peers. */
class Stage {
  readonly schedule: Schedule
  readonly asked: Asking[] = []
  readonly peers: Peer[] = []
  readonly wrong: string[] = []
  readonly #clock = new VirtualClock()
  readonly #client: Client<string, string, string>
  readonly #dials: { readonly subscriber: Subscriber<Connection>; peer: Peer | null }[] = []
  readonly #signals = [new AbortController(), new AbortController()]

  constructor(schedule: Schedule, tamper: Tamper) {
    this.schedule = schedule
    const { window, maxWaiting, max, min, idleMs, retry } = schedule
    const connections$ = new Observable<Connection>((subscriber) => {
      this.#dials.push({ subscriber, peer: null })
    })
    const again = backoff({ initialMs: 5, jitter: 'none', attempts: 2 })
    const options = { window, maxWaiting, scheduler: this.#clock, ...(retry ? { retry: again } : {}) }
    const protocol = lines({ maxFrameBytes: 1024 })
    const mode = tamper(modeOf(schedule))
    this.#client =
      max === 1
        ? client(connections$, protocol, mode, options)
        : pool(connections$, protocol, mode, { ...options, max, min, idleMs })
  }

  do(step: Step): void {
    switch (step.does) {
      case 'ask':
        this.asked.push(new Asking(this.#client, `q${String(this.asked.length)}`, step.how, this.#signals))
        return
      case 'leave':
        this.#nth(this.asked, step.which)?.leave()
        return
      case 'abort':
        this.#signals[step.which % 2]?.abort()
        return
      case 'arrive':
      case 'refuse':
        this.#dialled(step.which, step.does)
        return
      case 'wait':
        this.#clock.advance(step.ms)
        return
      case 'turn':
        return
      case 'answer':
      case 'part':
      case 'answerAll':
      case 'push':
      case 'lose':
      case 'end':
        this.#peerDoes(step)
    }
  }

  /** What must hold at every moment. */
  look(): void {
    const { window, max, maxWaiting } = this.schedule
    if (this.#client.inFlight > window * max) this.wrong.push(`in flight ${String(this.#client.inFlight)}`)
    if (this.#client.connections > max) this.wrong.push(`connections ${String(this.#client.connections)}`)
    // those that were lost wait again beside those that may wait
    const most = maxWaiting + 2 * window * max
    for (const peer of this.peers) if (peer.alive) this.#watch(peer)
    if (this.#client.waiting > most) this.wrong.push(`waiting ${String(this.#client.waiting)}`)
  }

  async finish(): Promise<void> {
    if (this.schedule.last === 'answered') await this.#answerAll()
    const closing = this.#client.close(this.schedule.last === 'closedWithin' ? { withinMs: 40 } : {})
    if (this.schedule.last === 'closedWithin') this.#clock.advance(50)
    for (const { subscriber, peer } of this.#dials) if (peer === null) subscriber.complete()
    let closed = false
    void closing.then(() => (closed = true))
    for (let i = 0; i < 100 && !closed; i++) await turn()
    if (!closed) this.wrong.push('never closed')
    for (const peer of this.peers) peer.giveBack()
    await turn()
  }

  /** Every peer is there and answers: then nothing may be left open. */
  async #answerAll(): Promise<void> {
    for (let i = 0; i < 60 && this.asked.some(({ open }) => open); i++) {
      this.#dials.forEach((_, at) => {
        this.#dialled(at, 'arrive')
      })
      for (let j = 0; j < 4; j++) await turn()
      for (const peer of this.peers) while (peer.alive && peer.unanswered.length > 0) peer.answer(0, false)
      for (let j = 0; j < 4; j++) await turn()
      this.#clock.advance(6)
      this.look()
    }
    for (const { name, open } of this.asked) if (open) this.wrong.push(`${name} was never answered`)
  }

  #dialled(which: number, does: 'arrive' | 'refuse'): void {
    const waiting = this.#dials.filter(({ subscriber, peer }) => !subscriber.closed && (peer === null || peer.closed))
    const dial = waiting[which % Math.max(1, waiting.length)]
    if (dial === undefined || (dial.peer !== null && does === 'refuse')) return
    if (does === 'refuse') {
      dial.subscriber.error(new ConnectFailed('x', 'ECONNREFUSED', 'refused'))
      return
    }
    const peer = new Peer(this.#clock, this.schedule.mode === 'pipelined', (name, at) => {
      this.asked[Number(name.slice(1))]?.heardBy(at)
    })
    dial.peer = peer
    this.peers.push(peer)
    peer.connection.events$.subscribe({
      complete: () => {
        peer.alive = false
        peer.closed = true
        if (!this.schedule.reconnecting) dial.subscriber.complete()
      },
    })
    dial.subscriber.next(peer.connection)
  }

  /** What a peer has in hand; with ids, those that nobody waits for any more do not count. */
  #watch(peer: Peer): void {
    const open = peer.unanswered.filter(
      ({ name }) => this.schedule.mode === 'pipelined' || this.asked[Number(name.slice(1))]?.open === true,
    )
    if (open.length > this.schedule.window) this.wrong.push(`a peer has ${String(open.length)} in hand`)
  }

  #peerDoes(step: Extract<Step, { readonly which: number }>): void {
    const peer = this.#nth(
      this.peers.filter(({ alive }) => alive),
      step.which,
    )
    if (peer === undefined) return
    if (step.does === 'push') peer.push()
    else if (step.does === 'lose') peer.lose()
    else if (step.does === 'end') peer.end()
    else if (step.does === 'answerAll') while (peer.unanswered.length > 0) peer.answer(0, false)
    else if (step.does === 'answer' || step.does === 'part') {
      peer.answer(step.of, step.does === 'part' && this.schedule.streaming)
    }
  }

  #nth<A>(all: readonly A[], n: number): A | undefined {
    return all[n % Math.max(1, all.length)]
  }
}
