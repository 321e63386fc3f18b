/** A whole buffer, and the ways to look at it: made once for all the frames that lie in it. */
export class Memory {
  readonly buffer: ArrayBufferLike
  readonly view: DataView
  #bytes: Buffer | null = null

  constructor(buffer: ArrayBufferLike) {
    this.buffer = buffer
    this.view = new DataView(buffer)
  }

  get bytes(): Buffer {
    this.#bytes ??= Buffer.from(this.buffer)
    return this.#bytes
  }
}

/** The last one asked for is kept, unless it is large: the frames of a chunk come one after the other. */
const KEPT = 1024 * 1024
let last: Memory | null = null

/** The memory a frame lies in. */
export const memoryOf = (buffer: ArrayBufferLike): Memory => {
  if (last !== null && last.buffer === buffer) return last
  const memory = new Memory(buffer)
  if (buffer.byteLength <= KEPT) last = memory
  return memory
}
