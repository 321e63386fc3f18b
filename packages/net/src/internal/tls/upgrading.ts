import type { Subscriber, Unsubscribable } from 'rxjs'
import type { TlsFacts } from '../../connection.ts'
import { ConnectionLost, NotWritable, PlaintextBeforeTls, TlsFailed } from '../../errors.ts'
import { deadline } from '../time/deadline.ts'
import type { Handshake } from './handshake.ts'
import { peerClosed, timedOut } from './handshake.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'
import type { Upgrade } from '../transport/transport.ts'

export interface UpgradeSettings {
  readonly handshake: Handshake
  readonly handshakeMs: number
  readonly unread: 'refuse' | 'handOver'
}

/**
 * One change to TLS on a connection that stands.
 *
 * ```
 *  hold the gate ──▶ no byte unread? ──▶ flush ──▶ handshake ──▶ tell, release the gate
 * ```
 */
export class Upgrading {
  readonly #connection: LiveConnection
  readonly #settings: UpgradeSettings
  readonly #subscriber: Subscriber<TlsFacts>
  #deadline: Unsubscribable | null = null
  #state: 'not begun' | 'under way' | 'over' = 'not begun'

  constructor(connection: LiveConnection, settings: UpgradeSettings, subscriber: Subscriber<TlsFacts>) {
    this.#connection = connection
    this.#settings = settings
    this.#subscriber = subscriber
  }

  begin(): void {
    const connection = this.#connection
    const { upgrade } = connection.transport
    const refusal = this.#refusal(upgrade)
    if (upgrade === undefined || refusal !== null) {
      this.#subscriber.error(refusal)
      return
    }
    this.#state = 'under way'
    connection.whenClosed(({ cause }) => {
      if (this.#end()) this.#subscriber.error(new ConnectionLost(cause))
    })
    connection.inlet.gate.hold(this)
    // whoever heard of the pause may have unsubscribed
    if (this.#over) return
    const unread = connection.inlet.unreadBytes + upgrade.unreadBytes
    if (connection.remoteEnded || connection.inlet.pending) this.#fail(peerClosed())
    else if (unread !== 0 && this.#settings.unread === 'refuse') this.#fail(new PlaintextBeforeTls(unread))
    else this.#start(upgrade)
  }

  /** Nobody waits for it any more: half a handshake is of no use to anybody. */
  stop(): void {
    if (this.#end()) this.#connection.abort()
  }

  /** Why it cannot even begin. The connection goes on as it was. */
  #refusal(upgrade: Upgrade | undefined): Error | null {
    const { phase } = this.#connection
    if (phase === 'closed' || phase === 'aborting') return new NotWritable('closed')
    if (phase !== 'open' && phase !== 'remoteEnded') return new NotWritable('ended')
    return upgrade === undefined ? new TlsFailed('protocol', 'ALREADY_TLS', 'the connection is TLS already') : null
  }

  #start(upgrade: Upgrade): void {
    const { handshake, handshakeMs } = this.#settings
    const connection = this.#connection
    this.#deadline = deadline(connection.scheduler, handshakeMs, () => {
      this.#fail(timedOut(handshakeMs))
    })
    connection.flushNow()
    upgrade.secure(
      handshake,
      connection.inlet.takeUnread(),
      (facts) => {
        this.#done(facts)
      },
      (error) => {
        this.#fail(error)
      },
    )
  }

  #done(facts: TlsFacts): void {
    if (!this.#end()) return
    this.#subscriber.next(facts)
    this.#subscriber.complete()
    this.#connection.inlet.gate.release(this)
  }

  #fail(error: TlsFailed | PlaintextBeforeTls): void {
    if (!this.#end()) return
    const cause = { _tag: 'TlsFailed', error } as const
    // whoever hears of it may end the connection for a reason of his own; this one was first
    this.#connection.blame(cause)
    this.#subscriber.error(error)
    this.#connection.fail(cause)
  }

  get #over(): boolean {
    return this.#state === 'over'
  }

  /** Answers whether it was under way until now. */
  #end(): boolean {
    if (this.#state !== 'under way') return false
    this.#state = 'over'
    this.#deadline?.unsubscribe()
    return true
  }
}
