/**
 * What goes wrong on a simulated network.
 *
 * | fault | while it lasts |
 * |---|---|
 * | `Partition` | nothing passes between two hosts; what is sent is sent again later, as TCP does |
 * | `Cut` | nothing passes one way |
 * | `Slow` | everything takes so much longer |
 * | `Narrow` | no more than so many bytes a second pass |
 * | `Drip` | every segment is one byte, or a 128th of what waits |
 * | `Reset` | (at once) all connections between two hosts are reset, as by a firewall |
 * | `Kill` | the host's programs are gone: their sockets are closed, and nobody listens. Then they start again |
 * | `Crash` | the host is gone without a word: later it answers what it does not know with a reset |
 */
export type Fault =
  | { readonly _tag: 'Partition'; readonly between: readonly [string, string] }
  | { readonly _tag: 'Cut'; readonly from: string; readonly to: string }
  | { readonly _tag: 'Slow'; readonly between: readonly [string, string]; readonly extraMs: number }
  | { readonly _tag: 'Narrow'; readonly between: readonly [string, string]; readonly bytesPerSecond: number }
  | { readonly _tag: 'Drip'; readonly between: readonly [string, string] }
  | { readonly _tag: 'Reset'; readonly between: readonly [string, string] }
  | { readonly _tag: 'Kill'; readonly host: string }
  | { readonly _tag: 'Crash'; readonly host: string }

/** A fault with its time. */
export interface PlannedFault {
  readonly atMs: number
  readonly forMs: number
  readonly fault: Fault
}

/** A fault as a person reads it: `Partition a | server`. */
export const showFault = (fault: Fault): string => {
  switch (fault._tag) {
    case 'Cut':
      return `Cut ${fault.from} → ${fault.to}`
    case 'Kill':
    case 'Crash':
      return `${fault._tag} ${fault.host}`
    case 'Slow':
      return `Slow ${fault.between.join(' | ')} by ${String(fault.extraMs)} ms`
    case 'Narrow':
      return `Narrow ${fault.between.join(' | ')} to ${String(fault.bytesPerSecond)} bytes a second`
    case 'Partition':
    case 'Drip':
    case 'Reset':
      return `${fault._tag} ${fault.between.join(' | ')}`
  }
}
