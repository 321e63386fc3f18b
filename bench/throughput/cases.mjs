/**
 * What is measured. `quick`: also in the short run. `unit` is what one is, of which so many are made in a second of the
 * measured process' own CPU time.
 *
 * @typedef {object} Case
 * @property {'echo' | 'connects' | 'idle' | 'flood' | 'client'} kind
 * @property {string} title
 * @property {'lines' | 'len32' | 'bulk'} framing
 * @property {number} size
 * @property {number} connections
 * @property {number} [depth] frames in flight on each connection
 * @property {boolean} [quick]
 * @property {'frames' | 'MB' | 'connections'} unit
 * @property {readonly string[]} [peers] those alone
 * @property {number} [mb] flood: the most that is offered
 * @property {number} [bytesPerTick] flood: what is read of each connection every 20 ms
 */

/** @param {number} connections @returns {Case} */
const many = (connections) => ({
  kind: 'echo',
  title: `lines of 32 bytes, ${connections} connections`,
  framing: 'lines',
  size: 32,
  connections,
  depth: 64,
  unit: 'frames',
  peers: ['net-optimised', 'sluice'],
})

/** @type {Readonly<Record<string, Case>>} */
export const CASES = {
  lines32: {
    kind: 'echo',
    title: 'lines of 32 bytes, 16 connections, 64 in flight each',
    framing: 'lines',
    size: 32,
    connections: 16,
    depth: 64,
    unit: 'frames',
    quick: true,
  },
  lines512: {
    kind: 'echo',
    title: 'lines of 512 bytes, 16 connections, 64 in flight each',
    framing: 'lines',
    size: 512,
    connections: 16,
    depth: 64,
    unit: 'frames',
    quick: true,
  },
  len32: {
    kind: 'echo',
    title: 'frames of 32 bytes behind a length of 4, 16 connections, 64 in flight each',
    framing: 'len32',
    size: 32,
    connections: 16,
    depth: 64,
    unit: 'frames',
    quick: true,
  },
  len1k: {
    kind: 'echo',
    title: 'frames of 1 KiB behind a length of 4, 16 connections, 64 in flight each',
    framing: 'len32',
    size: 1024,
    connections: 16,
    depth: 64,
    unit: 'frames',
    quick: true,
  },
  len64k: {
    kind: 'echo',
    title: 'frames of 64 KiB behind a length of 4, 16 connections, 4 in flight each',
    framing: 'len32',
    size: 65_536,
    connections: 16,
    depth: 4,
    unit: 'frames',
    quick: true,
  },
  bulk: {
    kind: 'echo',
    title: 'bytes as they come, 4 connections, 1 MiB in flight each',
    framing: 'bulk',
    size: 65_536,
    connections: 4,
    depth: 16,
    unit: 'MB',
    quick: true,
  },
  lat64: {
    kind: 'echo',
    title: 'lines of 32 bytes, 64 connections, 1 in flight each',
    framing: 'lines',
    size: 32,
    connections: 64,
    depth: 1,
    unit: 'frames',
    quick: true,
  },
  connects: {
    kind: 'connects',
    title: 'connect, one line of 32 bytes, close; 16 at a time',
    framing: 'lines',
    size: 32,
    connections: 16,
    unit: 'connections',
    quick: true,
  },
  idle: {
    kind: 'idle',
    title: 'idle connections, each of which had one line answered',
    framing: 'lines',
    size: 32,
    connections: 3000,
    unit: 'connections',
    quick: true,
  },
  flood: {
    kind: 'flood',
    title: 'a flood of lines of 512 bytes on 4 connections, whose echo nobody reads',
    framing: 'lines',
    size: 512,
    connections: 4,
    mb: 256,
    bytesPerTick: 0,
    unit: 'MB',
    quick: true,
  },
  slow: {
    kind: 'flood',
    title: 'a flood of lines of 512 bytes on 4 connections, whose echo is read slowly, and then to its end',
    framing: 'lines',
    size: 512,
    connections: 4,
    mb: 256,
    bytesPerTick: 8192,
    unit: 'MB',
  },
  client32: {
    kind: 'client',
    title: 'requests of 32 bytes by a client, 16 connections, 64 in flight each',
    framing: 'lines',
    size: 32,
    connections: 16,
    depth: 64,
    unit: 'frames',
    peers: ['net-optimised', 'sluice'],
    quick: true,
  },
  c10: many(10),
  c100: many(100),
  c1000: { ...many(1000), quick: true },
  c10000: many(10_000),
  cluster: {
    kind: 'echo',
    title: 'lines of 32 bytes, 16 connections: one process, and two that share a port',
    framing: 'lines',
    size: 32,
    connections: 16,
    depth: 64,
    unit: 'frames',
    peers: ['sluice', 'sluice-cluster'],
  },
}
