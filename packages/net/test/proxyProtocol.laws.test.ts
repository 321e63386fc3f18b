import { chunkings, mutate, mutation, protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { ProxyHeader } from '../src/index.ts'
import { proxyProtocol } from '../src/index.ts'
import {
  announcement,
  client,
  forgetChecksum,
  hex,
  readBack,
  server,
  SIGNATURE,
  written,
} from './proxyProtocolCases.ts'

/** Bytes that get past the beginning of a header, and go wrong behind it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 110 }).map((rest) => Buffer.from(`PROXY ${rest}\r\n`)),
  fc
    .tuple(
      fc.constantFrom('TCP4', 'TCP6', 'UNKNOWN', ''),
      fc.array(fc.constantFrom('1.2.3.4', '::1', '80', '080', ''), { maxLength: 6 }),
    )
    .map(([family, fields]) => Buffer.from(`PROXY ${[family, ...fields].join(' ')}\r\n`)),
  fc
    .tuple(
      fc.constantFrom('2011', '2111', '2121', '2131', '2100', '2210', '2143', '3111'),
      fc.uint8Array({ maxLength: 300, size: 'max' }),
    )
    .map(([kind, rest]) => Buffer.concat([hex(`${SIGNATURE}${kind}`), rest])),
  announcement.chain((one) => fc.array(mutation(), { maxLength: 4 }).map((all) => mutate(written(one).bytes, all))),
)

/** A header of exactly so many bytes. */
const sized = (bytes: number) => ({
  source: client,
  destination: server,
  tlvs: [{ _tag: 'Noop' as const, bytes: bytes - 31 }],
})

describe('proxyProtocol() keeps the laws of a protocol', () => {
  const laws = protocolLaws(proxyProtocol(), {
    message: announcement,
    read: readBack,
    equals: (a: ProxyHeader, b: ProxyHeader) => isDeepStrictEqual(forgetChecksum(a), forgetChecksum(b)),
    sized: { from: 107, protocol: (maxHeaderBytes) => proxyProtocol({ maxHeaderBytes }), message: sized },
    maxFrameBytes: 4096,
    hostile,
    runs: 100,
  })
  for (const { name, run } of laws) it(name, run)
})

describe('proxyProtocol()', () => {
  it('reads what it wrote, and leaves what is fused with it to the next, however both are cut [R4][R15]', () => {
    const cut = fc.tuple(announcement, fc.uint8Array({ maxLength: 40 })).chain(([one, payload]) => {
      const { bytes } = written(one)
      return chunkings(Buffer.concat([bytes, payload])).map((chunks) => ({ one, payload, chunks }))
    })
    const property = fc.property(cut, ({ one, payload, chunks }) => {
      const decoder = proxyProtocol().decoder()
      const headers: ProxyHeader[] = []
      const rest: Uint8Array[] = []
      for (const chunk of chunks) {
        if (headers.length !== 0) rest.push(chunk)
        else {
          const result = decoder.push(chunk, (header) => {
            headers.push(header)
            rest.push(decoder.unread())
            return false
          })
          expect(E.isRight(result)).toBe(true)
        }
      }
      expect(headers.map(forgetChecksum)).toEqual([readBack(one)])
      expect(Buffer.concat(rest)).toEqual(Buffer.from(payload))
    })
    fc.assert(property, { numRuns: 1_000 })
  })

  it('passes on what it has read as it is, also a checksum', () => {
    const property = fc.property(announcement, (one) => {
      const { bytes } = written(one)
      const read: ProxyHeader[] = []
      proxyProtocol()
        .decoder()
        .push(bytes, (header) => read.push(header) === 0)
      const [header] = read
      expect(header === undefined ? null : Buffer.from(written(header).bytes)).toEqual(Buffer.from(bytes))
    })
    fc.assert(property, { numRuns: 1_000 })
  })
})
