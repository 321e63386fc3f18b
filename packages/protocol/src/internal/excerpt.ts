const SHOWN = 16

/** Bytes as a person reads them in an error: hexadecimal, then the printable ones, never very long. */
export const excerpt = (bytes: Uint8Array): string => {
  if (bytes.length === 0) return 'no bytes'
  const head = bytes.subarray(0, SHOWN)
  const hex = Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const text = Array.from(head, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
  const more = bytes.length > SHOWN ? ` … ${String(bytes.length - SHOWN)} more` : ''
  return `${hex} |${text}|${more}`
}
