// Frames taken apart and put together by hand, as an expert writes it for `node:net`: scan once, a plain view of each
// frame, what is cut in two gathered once, limits checked, answers joined in one buffer that is used again.
import { MAX_FRAME_BYTES } from './served.mjs'

const LF = 10
const OUT_BYTES = 128 * 1024
/** From this size on a frame is written by itself, not copied. */
const LARGE = 16 * 1024

/** Gathers what is left of chunks until a frame is whole. */
class Rest {
  /** @type {Uint8Array[]} */
  parts = []
  length = 0

  /** @param {Uint8Array} part */
  keep(part) {
    this.parts.push(part)
    this.length += part.length
    if (this.length > MAX_FRAME_BYTES) throw new RangeError('a frame over the limit')
  }

  /** @param {Uint8Array} last */
  join(last) {
    const whole = new Uint8Array(this.length + last.length)
    let at = 0
    for (const part of this.parts) {
      whole.set(part, at)
      at += part.length
    }
    whole.set(last, at)
    this.parts = []
    this.length = 0
    return whole
  }
}

/** @param {(line: Uint8Array) => void} emit */
export const lineReader = (emit) => {
  const rest = new Rest()
  /** @param {Buffer} chunk */
  return (chunk) => {
    const { buffer, byteOffset, length } = chunk
    let from = 0
    let lf = chunk.indexOf(LF)
    if (lf !== -1 && rest.length !== 0) {
      const line = rest.join(new Uint8Array(buffer, byteOffset, lf))
      from = lf + 1
      emit(line)
      lf = chunk.indexOf(LF, from)
    }
    while (lf !== -1) {
      if (lf - from >= MAX_FRAME_BYTES) throw new RangeError('a line over the limit')
      const line = new Uint8Array(buffer, byteOffset + from, lf - from)
      from = lf + 1
      emit(line)
      lf = chunk.indexOf(LF, from)
    }
    if (from < length) rest.keep(new Uint8Array(buffer, byteOffset + from, length - from))
  }
}

/** @param {(payload: Uint8Array) => void} emit */
export const len32Reader = (emit) => {
  const rest = new Rest()
  let needed = 4
  /** @param {Uint8Array} chunk */
  const whole = (chunk) => {
    const { buffer, byteOffset, length } = chunk
    let at = 0
    while (length - at >= 4) {
      const size = ((chunk[at] << 24) | (chunk[at + 1] << 16) | (chunk[at + 2] << 8) | chunk[at + 3]) >>> 0
      if (size + 4 > MAX_FRAME_BYTES) throw new RangeError('a frame over the limit')
      if (length - at - 4 < size) {
        needed = size + 4
        rest.keep(new Uint8Array(buffer, byteOffset + at, length - at))
        return
      }
      emit(new Uint8Array(buffer, byteOffset + at + 4, size))
      at += 4 + size
    }
    needed = 4
    if (at < length) rest.keep(new Uint8Array(buffer, byteOffset + at, length - at))
  }
  /** @param {Uint8Array} chunk */
  return (chunk) => {
    let left = chunk
    while (rest.length !== 0) {
      const missing = needed - rest.length
      if (left.length < missing) {
        rest.keep(left)
        return
      }
      const first = rest.join(left.subarray(0, missing))
      left = left.subarray(missing)
      // a length that was cut in two says how much more there is
      whole(first)
    }
    if (left.length !== 0) whole(left)
  }
}

/**
 * One buffer for all sockets: it is only held during one chunk, and given up where the kernel did not take it.
 *
 * @type {Buffer | null}
 */
let spare = null

/** Joins the answers to one chunk. */
export class Answers {
  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.socket = socket
    /** @type {Buffer | null} */
    this.out = null
    this.at = 0
  }

  /** @param {Uint8Array} line */
  line(line) {
    const size = line.length
    if (size >= LARGE) {
      this.#large(line)
      this.#room(1)[this.at++] = LF
      return
    }
    const out = this.#room(size + 1)
    out.set(line, this.at)
    this.at += size
    out[this.at++] = LF
  }

  /** @param {Uint8Array} payload */
  len32(payload) {
    const size = payload.length
    const large = size >= LARGE
    const out = this.#room(large ? 4 : size + 4)
    const at = this.at
    out[at] = size >>> 24
    out[at + 1] = size >>> 16
    out[at + 2] = size >>> 8
    out[at + 3] = size
    this.at = at + 4
    if (large) this.#large(payload)
    else {
      out.set(payload, at + 4)
      this.at += size
    }
  }

  /** Sends what there is; answers whether the socket wants more. */
  flush() {
    this.#send()
    if (this.socket.writableCorked > 0) this.socket.uncork()
    return !this.socket.writableNeedDrain
  }

  /** @param {number} bytes */
  #room(bytes) {
    if (this.out !== null && OUT_BYTES - this.at >= bytes) return this.out
    this.#send()
    this.out = spare ?? Buffer.allocUnsafeSlow(OUT_BYTES)
    spare = null
    this.at = 0
    return this.out
  }

  /** @param {Uint8Array} frame */
  #large(frame) {
    if (this.socket.writableCorked === 0) this.socket.cork()
    this.#send()
    this.socket.write(frame)
  }

  #send() {
    const out = this.out
    if (out === null) return
    this.out = null
    if (this.at !== 0) {
      this.socket.write(out.subarray(0, this.at))
      if (this.socket.writableLength !== 0) return
    }
    spare = out
  }
}
