const MIB = 1024 * 1024

/**
 * A stream of frames that goes round for ever, prepared once: what is sent is a view of it, and what comes back is
 * compared with it. Each frame is different from its neighbours, so that one lost, doubled or moved is seen.
 *
 * ```
 *  ├ frame 0 │ frame 1 │ … │ frame n-1 ┤ frame 0 │ …      twice, so that every piece lies in one place
 * ```
 *
 * @param {'lines' | 'len32' | 'bulk'} framing
 * @param {number} size of a frame: a line with its ending, a payload without its length
 */
export const ring = (framing, size) => {
  const frame = framing === 'len32' ? size + 4 : size
  const count = Math.max(16, Math.floor(MIB / frame))
  const bytes = count * frame
  const memory = Buffer.alloc(2 * bytes, 'x')
  for (let i = 0; i < 2 * count; i++) {
    const at = i * frame
    const number = String(i % count)
    if (framing === 'len32') memory.writeUInt32BE(size, at)
    const room = framing === 'lines' ? size - 1 : size
    memory.write(number.slice(-room), at + frame - size, 'latin1')
    if (framing === 'lines') memory[at + size - 1] = 10
  }
  return {
    frame,
    bytes,
    /**
     * `length` bytes from `position` of the endless stream; at most as many as go round once.
     *
     * @param {number} position
     * @param {number} length
     */
    view: (position, length) => memory.subarray(position % bytes, (position % bytes) + length),
    /**
     * Whether these are the bytes at that position.
     *
     * @param {Uint8Array} chunk
     * @param {number} length of the chunk that counts
     * @param {number} position
     */
    holds: (chunk, length, position) =>
      memory.compare(chunk, 0, length, position % bytes, (position % bytes) + length) === 0,
  }
}
