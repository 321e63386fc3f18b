import type { SecureContextOptions } from 'node:tls'

/**
 * What both roles of TLS have: certificates, whom to trust, which versions and ciphers. Everything is as
 * `node:tls` takes it; defaults are Node's.
 *
 * Whatever OpenSSL does not take is `WrongOption` at construction.
 */
export interface TlsContextOptions {
  /** Whom to trust, in PEM, instead of the authorities Node knows. */
  readonly ca?: SecureContextOptions['ca']
  /** Our certificate, in PEM, those between it and the authority behind it. */
  readonly cert?: SecureContextOptions['cert']
  /** Its private key, in PEM. */
  readonly key?: SecureContextOptions['key']
  /** Certificate and key in one file (PKCS#12), instead of `cert` and `key`. */
  readonly pfx?: SecureContextOptions['pfx']
  /** What `key` or `pfx` is encrypted with. */
  readonly passphrase?: SecureContextOptions['passphrase']
  /** Certificates that were revoked, in PEM. */
  readonly crl?: SecureContextOptions['crl']
  /** Default `TLSv1.2`. */
  readonly minVersion?: SecureContextOptions['minVersion']
  /** Default `TLSv1.3`. */
  readonly maxVersion?: SecureContextOptions['maxVersion']
  /** Cipher suites, as OpenSSL lists them. */
  readonly ciphers?: SecureContextOptions['ciphers']
  /** Whether the server's order of ciphers counts. Default true. */
  readonly honorCipherOrder?: SecureContextOptions['honorCipherOrder']
  /** Signature algorithms, separated by colons. */
  readonly sigalgs?: SecureContextOptions['sigalgs']
  /** Curves for the key exchange, separated by colons. Default `auto`. */
  readonly ecdhCurve?: SecureContextOptions['ecdhCurve']
  /** Diffie-Hellman parameters, in PEM, or `auto`. */
  readonly dhparam?: SecureContextOptions['dhparam']
  /** The `SSL_OP_…` bits of `node:crypto`. */
  readonly secureOptions?: SecureContextOptions['secureOptions']
  /** Whether a trusted certificate need not lead up to a root. Default false. */
  readonly allowPartialTrustChain?: SecureContextOptions['allowPartialTrustChain']
  /** Keeps the sessions of different servers apart. */
  readonly sessionIdContext?: SecureContextOptions['sessionIdContext']
  /** How long a session can be resumed, in seconds. Default 300. */
  readonly sessionTimeout?: SecureContextOptions['sessionTimeout']
  /** 48 bytes that encrypt session tickets, the same on all servers that share sessions. Default: random. */
  readonly ticketKeys?: SecureContextOptions['ticketKeys']
  /** The OpenSSL engine that has the private key. */
  readonly privateKeyEngine?: SecureContextOptions['privateKeyEngine']
  /** What that engine calls it. */
  readonly privateKeyIdentifier?: SecureContextOptions['privateKeyIdentifier']
}
