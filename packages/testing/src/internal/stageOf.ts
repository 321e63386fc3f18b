import type { ConnectionOptions } from '@sluice/net'
import type { Protocol } from '@sluice/protocol'
import type { Happening } from '../schedules.ts'
import type { MakeHandler } from './rehearsal.ts'
import { Rehearsal } from './rehearsal.ts'
import { VirtualClock } from './virtualClock.ts'

/** A handler, and where it is tried. */
export interface Stage<In, Out> {
  readonly protocol: Protocol<In, Out>
  readonly make: MakeHandler<In, Out>
  readonly connection: ConnectionOptions
}

/** Plays a schedule to a handler made for it alone, and asks what came of it. */
export const rehearse = async <In, Out, R>(
  { protocol, make, connection }: Stage<In, Out>,
  schedule: ReadonlyArray<Happening>,
  judge: (rehearsal: Rehearsal<In, Out>) => R,
): Promise<R> => {
  const clock = new VirtualClock()
  const rehearsal = new Rehearsal(protocol, make(clock), clock, connection)
  try {
    await rehearsal.play(schedule)
    await rehearsal.settle()
    return judge(rehearsal)
  } finally {
    rehearsal.dispose()
  }
}

/** The peer sends these chunks. */
export const sends = (chunks: ReadonlyArray<Uint8Array>): ReadonlyArray<Happening> =>
  chunks.map((bytes) => ({ _tag: 'Chunk', bytes }))

export const FIN: Happening = { _tag: 'Fin' }
export const STALL: Happening = { _tag: 'Stall' }
export const DRAIN: Happening = { _tag: 'Drain' }

/** Bytes as a line of a drawing. */
export const textOf = (bytes: Uint8Array): string => {
  const text = JSON.stringify(Buffer.from(bytes.subarray(0, 80)).toString('latin1'))
  return bytes.length > 80 ? `${text} … ${String(bytes.length - 80)} more` : text
}
