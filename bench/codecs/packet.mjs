import { Parser } from 'binary-parser'
import { binary } from 'sluice'
import * as restructure from 'restructure'

/**
 * Twelve fields, 37 bytes, both byte orders: what is measured, in each of the ways it can be written.
 *
 * @typedef {{
 *   version: number, kind: number, flags: number, sequence: number, time: number, x: number,
 *   y: number, ratio: number, value: number, port: number, check: number, ttl: number,
 * }} Packet
 */

const BYTES = 37
const FRAMES = 1000

const { f32, f64, i16, i32, struct, u16, u16le, u32, u32le, u8 } = binary

const fields = {
  version: u8,
  kind: u8,
  flags: u16,
  sequence: u32,
  time: u32,
  x: i16,
  y: i32,
  ratio: f32,
  value: f64,
  port: u16le,
  check: u32le,
  ttl: u8,
}

/** Frames as a framing gives them: views of one chunk. */
export const frames = () => {
  const chunk = new Uint8Array(BYTES * FRAMES)
  for (let i = 0; i < chunk.length; i++) chunk[i] = (i * 31) & 0xff
  return Array.from({ length: FRAMES }, (_, i) => new Uint8Array(chunk.buffer, i * BYTES, BYTES))
}

/** @param {Uint8Array} bytes @returns {Packet} */
const readByHand = (bytes) => {
  if (bytes.length !== BYTES) throw new RangeError('not a packet')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    version: view.getUint8(0),
    kind: view.getUint8(1),
    flags: view.getUint16(2),
    sequence: view.getUint32(4),
    time: view.getUint32(8),
    x: view.getInt16(12),
    y: view.getInt32(14),
    ratio: view.getFloat32(18),
    value: view.getFloat64(22),
    port: view.getUint16(30, true),
    check: view.getUint32(32, true),
    ttl: view.getUint8(36),
  }
}

/** @param {Packet} packet */
const writeByHand = (packet) => {
  const bytes = new Uint8Array(BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, packet.version)
  view.setUint8(1, packet.kind)
  view.setUint16(2, packet.flags)
  view.setUint32(4, packet.sequence)
  view.setUint32(8, packet.time)
  view.setInt16(12, packet.x)
  view.setInt32(14, packet.y)
  view.setFloat32(18, packet.ratio)
  view.setFloat64(22, packet.value)
  view.setUint16(30, packet.port, true)
  view.setUint32(32, packet.check, true)
  view.setUint8(36, packet.ttl)
  return bytes
}

const sluice = () => {
  const codec = struct(fields)
  /** @template A @param {{ _tag: 'Right', right: A } | { _tag: 'Left', left: Error }} result */
  const right = (result) => {
    if (result._tag === 'Left') throw result.left
    return result.right
  }
  return {
    /** @param {Uint8Array} bytes */
    decode: (bytes) => right(codec.decode(bytes)),
    /** @param {any} packet */
    encode: (packet) => right(codec.encode(packet)),
  }
}

/** So many other structs of twelve fields, in use as much: a program has more than one. */
const amongOthers = (/** @type {number} */ count) => {
  const [first = new Uint8Array(BYTES)] = frames()
  for (let i = 0; i < count; i++) {
    const entries = Object.entries(fields).map(([name, codec]) => /** @type {const} */ ([`${name}${i}`, codec]))
    const other = struct(Object.fromEntries(i % 2 === 0 ? entries : entries.reverse()))
    for (let times = 0; times < 3000; times++) {
      const read = other.decode(first)
      if (read._tag === 'Right') other.encode(/** @type {any} */ (read.right))
    }
  }
  return sluice()
}

const binaryParser = () => {
  const parser = new Parser()
    .endianness('big')
    .uint8('version')
    .uint8('kind')
    .uint16('flags')
    .uint32('sequence')
    .uint32('time')
    .int16('x')
    .int32('y')
    .floatbe('ratio')
    .doublebe('value')
    .uint16le('port')
    .uint32le('check')
    .uint8('ttl')
  return { decode: (/** @type {Uint8Array} */ bytes) => parser.parse(bytes) }
}

const byRestructure = () => {
  const { uint8, uint16be, uint32be, int16be, int32be, floatbe, doublebe, uint16le, uint32le } = restructure
  const packet = new restructure.Struct({
    version: uint8,
    kind: uint8,
    flags: uint16be,
    sequence: uint32be,
    time: uint32be,
    x: int16be,
    y: int32be,
    ratio: floatbe,
    value: doublebe,
    port: uint16le,
    check: uint32le,
    ttl: uint8,
  })
  return {
    decode: (/** @type {Uint8Array} */ bytes) => packet.fromBuffer(bytes),
    encode: (/** @type {Packet} */ value) => packet.toBuffer(value),
  }
}

/** @type {Record<string, () => { decode: (bytes: Uint8Array) => any, encode?: (value: any) => Uint8Array }>} */
export const WAYS = {
  'DataView by hand': () => ({ decode: readByHand, encode: writeByHand }),
  Sluice: sluice,
  'Sluice, among 20 others': () => amongOthers(20),
  'Sluice, among 60 others': () => amongOthers(60),
  'binary-parser': binaryParser,
  restructure: byRestructure,
}
