import type { ProxySslText } from '../../proxyTlv.ts'

/** The registered types of TLVs (PROXY protocol, section 2.2). */
export const TYPE = { Alpn: 1, Authority: 2, Crc32c: 3, Noop: 4, UniqueId: 5, Ssl: 0x20, Netns: 0x30 } as const

/** Those inside the one of TLS (section 2.2.6). */
export const SSL_TYPE = {
  SslVersion: 0x21,
  SslCommonName: 0x22,
  SslCipher: 0x23,
  SslSignatureAlgorithm: 0x24,
  SslKeyAlgorithm: 0x25,
  SslGroup: 0x26,
  SslSignatureScheme: 0x27,
  SslClientCertificate: 0x28,
} as const

export const SSL_TEXTS: readonly ProxySslText[] = [
  'SslVersion',
  'SslCommonName',
  'SslCipher',
  'SslSignatureAlgorithm',
  'SslKeyAlgorithm',
  'SslGroup',
  'SslSignatureScheme',
]

/** The bits of its first byte. */
export const SSL_CLIENT = { tls: 1, certificateNow: 2, certificateInSession: 4 } as const

export const MOST_ID_BYTES = 128

/** What a binary header begins with. */
export const SIGNATURE = Uint8Array.of(0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a)

/** What a line begins with. */
export const LINE_BEGINS = Buffer.from('PROXY ')

/** The most bytes of a line, its end included (section 2.1). */
export const MOST_LINE_BYTES = 107

/** The signature, version, command, family, transport and length of a binary header. */
export const FIXED_BYTES = 16

/** The bytes of the two addresses of a binary header, by the number of the family; 0 is no family. */
export const ADDRESS_BYTES: readonly number[] = [0, 4, 16, 108]

/** The most a binary header can be: its length is 16 bits. */
export const MOST_HEADER_BYTES = FIXED_BYTES + 0xffff
