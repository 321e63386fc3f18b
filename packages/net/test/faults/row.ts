import type { Cause } from '../../src/index.ts'
import type { Bench } from './bench.ts'
import type { Carrier, Side } from './side.ts'

/**
 * What a row needs of the machine: two network namespaces to cut the wire between (root, `ip`), or
 * `prlimit` to take descriptors from a running process.
 */
export type Need = 'namespace' | 'prlimit'

/**
 * One fault of the catalogue. `run` brings it about and awaits what must follow; what holds for every fault
 * is checked by the oracle.
 */
export interface Row {
  /** As in the catalogue: `F05`. */
  readonly id: string
  /** The promise, and the rules it stands for: `… [R12]`. */
  readonly title: string
  readonly sides: readonly Side[]
  /** Default: TCP alone. */
  readonly carriers?: readonly Carrier[]
  readonly needs?: Need
  /** The causes a connection under this fault may end with. */
  readonly causes: readonly Cause['_tag'][]
  readonly run: (bench: Bench) => Promise<void>
}

/** One way to run a row. */
export interface Case {
  readonly row: Row
  readonly side: Side
  readonly carrier: Carrier
}

/** Every row, on each of its sides, over each of its carriers. */
export const casesOf = (rows: readonly Row[]): Case[] =>
  rows.flatMap((row) =>
    row.sides.flatMap((side) => (row.carriers ?? ['tcp']).map((carrier): Case => ({ row, side, carrier }))),
  )

/** `F05 a reset in the middle of a frame is a Reset (server, TLS) [R12]` */
export const titleOf = ({ row, side, carrier }: Case): string => {
  const how = carrier === 'tls' ? `${side}, TLS` : side
  const rules = /(?: ?\[R\d+\])+$/.exec(row.title)?.[0] ?? ''
  return `${row.id} ${row.title.slice(0, row.title.length - rules.length)} (${how})${rules}`
}
