import type { Duplex } from 'node:stream'
import type { SchedulerLike } from 'rxjs'
import type { Stage } from '../arrival.ts'
import { deadline } from '../../time/deadline.ts'
import { peerClosed, timedOut } from '../../tls/handshake.ts'

/** How one port serves TLS and plain text. */
export interface SniffOptions {
  /**
   * A peer that says nothing for so long is served in plain text: for protocols in which the server speaks
   * first. Default: never, the client speaks first.
   */
  readonly plainAfterMs?: number | undefined
  /** A peer that says nothing for so long is put out. */
  readonly handshakeMs: number
  readonly scheduler: SchedulerLike
}

/** The type of a TLS record that begins a handshake. No text begins with it. */
const HANDSHAKE = 0x16

/**
 * TLS and plain text on one port: the first byte says which.
 *
 * ```
 *  16 ..           ──▶ secure
 *  any other byte  ──▶ done, as it came, no byte lost
 *  the peer's FIN  ──▶ done, as it came
 *  nothing         ──▶ done after plainAfterMs, where that is given and less; failed after handshakeMs
 * ```
 */
export const sniffStage =
  (secure: Stage, { plainAfterMs = Infinity, handshakeMs, scheduler }: SniffOptions): Stage =>
  (arrival, done, failed) => {
    const { duplex } = arrival
    let breakOff = (): void => {
      breakOff = () => undefined
      stop()
      duplex.destroy()
    }
    const broken = breakOff
    const go = (isTls: boolean): void => {
      stop()
      // the stream looks after its listeners a tick later: only then is it as it was
      process.nextTick(() => {
        if (breakOff !== broken) return
        if (duplex.destroyed) failed(peerClosed())
        else if (isTls) breakOff = secure(arrival, done, failed)
        else done(arrival)
      })
    }
    const late = deadline(scheduler, Math.min(plainAfterMs, handshakeMs), () => {
      if (plainAfterMs < handshakeMs) go(false)
      else {
        breakOff()
        failed(timedOut(handshakeMs))
      }
    })
    const unlisten = listen(duplex, go, () => {
      stop()
      failed(peerClosed())
    })
    const stop = (): void => {
      late.unsubscribe()
      unlisten()
    }
    return () => {
      breakOff()
    }
  }

/** Listens for the first byte, or the end; answers what ends that. */
const listen = (duplex: Duplex, heard: (isTls: boolean) => void, closed: () => void): (() => void) => {
  const onReadable = (): void => {
    const bytes: unknown = duplex.read()
    if (!(bytes instanceof Uint8Array)) return
    duplex.unshift(bytes)
    heard(bytes[0] === HANDSHAKE)
  }
  const onEnd = (): void => {
    heard(false)
  }
  duplex.on('error', () => undefined)
  duplex.on('readable', onReadable)
  duplex.on('end', onEnd)
  duplex.on('close', closed)
  return () => {
    duplex.off('readable', onReadable)
    duplex.off('end', onEnd)
    duplex.off('close', closed)
  }
}
