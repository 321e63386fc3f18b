import type { Protocol } from '@sluice/protocol'
import { framing, WrongOption } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { headerStep } from './internal/proxy/step.ts'
import { MOST_HEADER_BYTES, MOST_LINE_BYTES } from './internal/proxy/types.ts'
import { writeHeader } from './internal/proxy/write.ts'
import type { ProxyAnnouncement, ProxyHeader } from './proxyAnnouncement.ts'

/** See {@link proxyProtocol}. */
export interface ProxyProtocolOptions {
  /** Which versions are read. Default both. */
  readonly versions?: readonly (1 | 2)[]
  /** The most bytes a header may take, from 107 to 65,551. Default 4,096. A line (version 1) takes at most 107. */
  readonly maxHeaderBytes?: number
}

/**
 * The PROXY protocol, versions 1 and 2: how a proxy tells whom it speaks for, before anything else.
 *
 * ```
 *  PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 CR LF │ the client's bytes
 *
 *  0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a │ 21 │ 11 │ 00 0c │ source, destination, ports │ TLVs │ the client's bytes
 *  └─ signature ──────────────────────┘   │    │    └ bytes that follow
 *                      version, command ──┘    └── family, transport
 * ```
 *
 * A header comes once, so in front of another protocol it stands in `andThen`. A server is better served by
 * the option `proxyProtocol` of `listen`, which reads it only from who is trusted: anybody can write one.
 *
 * It is strict. A line must end in CR LF, its ports are decimal without leading zeros, its addresses of the family it
 * names. Texts are UTF-8 or ASCII, a checksum is verified, and TLVs end where the header does. A header
 * cannot claim memory: its length is held against the limit before anything of it is kept.
 *
 * Errors while decoding: `Malformed` · `TooLong` (over `maxHeaderBytes`, or a line over 107 bytes) · `Truncated`, all
 * the remote side's fault. While encoding: `NotEncodable` (what could not be read back: one endpoint without
 * the other, endpoints of two families, text that is none) · `TooLong`. Throws `WrongOption`.
 *
 * ```ts
 * import { proxyProtocol } from '@sluice/net'
 * import { andThen, lines } from '@sluice/protocol'
 *
 * const decoder = andThen(proxyProtocol(), lines()).decoder()
 * decoder.push(Buffer.from('PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\nhello\n'), (one) => {
 *   console.log(one._tag === 'Left' ? one.left.source?.address : one.right) // 192.0.2.1
 *   // hello
 *   return true
 * })
 * ```
 *
 * Source: "The PROXY protocol, Versions 1 & 2", section 2 (proxy-protocol.txt of HAProxy).
 */
export const proxyProtocol = (options: ProxyProtocolOptions = {}): Protocol<ProxyHeader, ProxyAnnouncement> =>
  namedProxyProtocol('proxyProtocol()', options)

/** As {@link proxyProtocol}, for whoever takes the same options. */
export const namedProxyProtocol = (
  where: string,
  { versions = [1, 2], maxHeaderBytes = 4096 }: ProxyProtocolOptions,
): Protocol<ProxyHeader, ProxyAnnouncement> => {
  if (versions.length === 0 || versions.some((version) => version !== 1 && version !== 2)) {
    throw new WrongOption(where, 'versions', versions, '[1], [2] or [1, 2]')
  }
  const fits = Number.isInteger(maxHeaderBytes) && maxHeaderBytes >= MOST_LINE_BYTES
  if (!fits || maxHeaderBytes > MOST_HEADER_BYTES) {
    throw new WrongOption(where, 'maxHeaderBytes', maxHeaderBytes, 'a whole number from 107 to 65551')
  }
  return framing({
    name: 'proxyProtocol()',
    maxFrameBytes: maxHeaderBytes,
    initial: undefined,
    step: headerStep(versions),
    encode: (announcement: ProxyAnnouncement, out) => {
      const written = writeHeader(announcement, maxHeaderBytes)
      return E.isLeft(written) ? written : E.right(out.bytes(written.right))
    },
  })
}
