export const END = 0xc0
const ESC = 0xdb
const ESC_END = 0xdc
const ESC_ESC = 0xdd

/** How many bytes of a message need an escape. */
export const slipEscapes = (message: Uint8Array): number => {
  let count = 0
  for (let i = 0; i < message.length; i++) {
    const byte = message[i]
    if (byte === END || byte === ESC) count++
  }
  return count
}

export const escapeSlip = (message: Uint8Array, escapes: number): Uint8Array => {
  const escaped = new Uint8Array(message.length + escapes)
  let to = 0
  for (let i = 0; i < message.length; i++) {
    const byte = message[i] ?? 0
    const special = byte === END || byte === ESC
    if (special) escaped[to++] = ESC
    escaped[to++] = special ? (byte === END ? ESC_END : ESC_ESC) : byte
  }
  return escaped
}

/** A frame without its END: the bytes it means, itself where nothing is escaped; or where an escape is wrong. */
export const unescapeSlip = (frame: Uint8Array): Uint8Array | number => {
  let from = frame.indexOf(ESC)
  if (from === -1) return frame
  const message = new Uint8Array(frame.length)
  message.set(frame.subarray(0, from))
  let to = from
  for (; from < frame.length; from++) {
    const byte = frame[from] ?? 0
    if (byte !== ESC) message[to++] = byte
    else if (frame[++from] === ESC_END) message[to++] = END
    else if (frame[from] === ESC_ESC) message[to++] = ESC
    else return from
  }
  return message.subarray(0, to)
}
