/** A code of this value has a full run behind it, and no zero after that. */
const FULL = 0xff

/** How many bytes a message takes, without the zero that ends its frame. */
export const cobsBytes = (message: Uint8Array): number => {
  let codes = 1
  let run = 1
  for (let i = 0; i < message.length; i++) {
    if (run === FULL) {
      codes++
      run = 1
    }
    run = message[i] === 0 ? 1 : run + 1
  }
  return message.length + codes
}

/** The message with its codes and the zero that ends its frame; `total` bytes in all. */
export const encodeCobs = (message: Uint8Array, total: number): Uint8Array => {
  const encoded = new Uint8Array(total)
  let code = 0
  let to = 1
  const finish = () => {
    encoded[code] = to - code
    code = to++
  }
  for (let i = 0; i < message.length; i++) {
    // a full run ends only where more comes, so that none is written for nothing
    if (to - code === FULL) finish()
    const byte = message[i] ?? 0
    if (byte === 0) finish()
    else encoded[to++] = byte
  }
  encoded[code] = to - code
  return encoded
}

/** A frame without its zero: the bytes it means, or where a code points beyond it. */
export const decodeCobs = (frame: Uint8Array): Uint8Array | number => {
  // one run and no zero: the message lies there as it is
  if (frame[0] === frame.length) return frame.subarray(1)
  const message = new Uint8Array(frame.length)
  let to = 0
  for (let code = 0; code < frame.length;) {
    const run = frame[code] ?? 0
    const next = code + run
    if (next > frame.length) return code
    for (let at = code + 1; at < next; at++) message[to++] = frame[at] ?? 0
    if (run < FULL && next < frame.length) message[to++] = 0
    code = next
  }
  return message.subarray(0, to)
}
