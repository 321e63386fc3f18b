import type { TlsPsk } from '../../tlsConnectOptions.ts'

/** The most OpenSSL takes. */
const MOST_KEY_BYTES = 256
const MOST_IDENTITY_BYTES = 128

/** A key as OpenSSL takes it; throws for others, for whoever called the function it comes from. */
export const checkedPsk = ({ identity, psk }: TlsPsk): TlsPsk => {
  if (!(psk instanceof Uint8Array) || psk.length === 0 || psk.length > MOST_KEY_BYTES) {
    throw new RangeError(`a key has 1 to ${String(MOST_KEY_BYTES)} bytes`)
  }
  if (typeof identity !== 'string' || Buffer.byteLength(identity) > MOST_IDENTITY_BYTES) {
    throw new RangeError(`the name of a key has at most ${String(MOST_IDENTITY_BYTES)} bytes`)
  }
  return { identity, psk }
}
