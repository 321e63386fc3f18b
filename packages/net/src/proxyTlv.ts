/**
 * What a version 2 PROXY header says beside the addresses, in its order.
 *
 * | `_tag` | type | |
 * |---|---|---|
 * | `Alpn` | 0x01 | the protocol the client and the proxy agreed on, one character a byte |
 * | `Authority` | 0x02 | the host the client asked for (SNI) |
 * | `Crc32c` | 0x03 | a checksum of the whole header; what is read was verified |
 * | `Noop` | 0x04 | so many bytes of padding |
 * | `UniqueId` | 0x05 | a name for the connection, at most 128 bytes |
 * | `Ssl` | 0x20 | how the client reached the proxy over TLS |
 * | `Netns` | 0x30 | the network namespace |
 * | `Unknown` | any other | its bytes as they are |
 */
export type ProxyTlv =
  | { readonly _tag: 'Alpn'; readonly protocol: string }
  | { readonly _tag: 'Authority'; readonly host: string }
  /** For an encoder the checksum is not needed, and not looked at: it is computed. */
  | { readonly _tag: 'Crc32c'; readonly checksum?: number | undefined }
  | { readonly _tag: 'Noop'; readonly bytes: number }
  | { readonly _tag: 'UniqueId'; readonly id: Uint8Array }
  | ProxySsl
  | { readonly _tag: 'Netns'; readonly name: string }
  | ProxyUnknownTlv

/** A type that is not registered, or not known here: an application's own is 0xe0 to 0xef. */
export interface ProxyUnknownTlv {
  readonly _tag: 'Unknown'
  readonly type: number
  readonly value: Uint8Array
}

/** How the client of a proxy reached it over TLS. */
export interface ProxySsl {
  readonly _tag: 'Ssl'
  /** Whether the client spoke TLS at all. */
  readonly tls: boolean
  /** Whether it showed a certificate on this connection. */
  readonly certificateNow: boolean
  /** Whether it showed one on a connection of the same TLS session. */
  readonly certificateInSession: boolean
  /** 0 where a certificate was shown and verified; else the proxy's own number of what was wrong. */
  readonly verify: number
  readonly tlvs: readonly ProxySslTlv[]
}

/**
 * One thing about the client's TLS.
 *
 * | `_tag` | type | |
 * |---|---|---|
 * | `SslVersion` | 0x21 | `TLSv1.3` |
 * | `SslCommonName` | 0x22 | of the client's certificate |
 * | `SslCipher` | 0x23 | `ECDHE-RSA-AES128-GCM-SHA256` |
 * | `SslSignatureAlgorithm` | 0x24 | of the proxy's certificate: `RSA-SHA256` |
 * | `SslKeyAlgorithm` | 0x25 | of the proxy's certificate: `RSA2048` |
 * | `SslGroup` | 0x26 | the key exchange: `X25519` |
 * | `SslSignatureScheme` | 0x27 | `rsa_pss_rsae_sha256` |
 * | `SslClientCertificate` | 0x28 | DER |
 * | `Unknown` | any other | its bytes as they are |
 */
export type ProxySslTlv =
  | { readonly _tag: ProxySslText; readonly text: string }
  | { readonly _tag: 'SslClientCertificate'; readonly der: Uint8Array }
  | ProxyUnknownTlv

/** Those that are text: UTF-8 for the common name, ASCII for the others. */
export type ProxySslText =
  | 'SslVersion'
  | 'SslCommonName'
  | 'SslCipher'
  | 'SslSignatureAlgorithm'
  | 'SslKeyAlgorithm'
  | 'SslGroup'
  | 'SslSignatureScheme'
