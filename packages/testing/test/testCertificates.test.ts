import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { WrongOption } from '@sluice/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Identity } from '../src/index.ts'
import { certificateAuthority, selfSigned, socketPair, testCertificates } from '../src/index.ts'

/** What a client says of a server with this certificate, over sockets connected already. */
const verdict = async (ca: string, server: Identity, servername: string): Promise<string> => {
  const pair = await socketPair()
  const tls = createServer(server)
  tls.emit('connection', pair.server)
  const client = connect({ socket: pair.client, ca, servername })
  const said = new Promise<string>((resolve) => {
    client.once('secureConnect', () => {
      resolve('trusted')
    })
    client.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message)
    })
  })
  try {
    return await said
  } finally {
    client.destroy()
    await pair.close()
  }
}

const DAY_MS = 86_400_000

describe('testCertificates()', () => {
  it('are trusted by whoever trusts the authority, for their names and for no other', async () => {
    const { ca, server } = testCertificates({ names: ['db.test', 'other.test'] })
    expect(await verdict(ca, server, 'db.test')).toBe('trusted')
    expect(await verdict(ca, server, 'other.test')).toBe('trusted')
    expect(await verdict(ca, server, 'third.test')).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  it('are trusted by nobody else', async () => {
    const { server } = testCertificates({ names: ['db.test'] })
    expect(await verdict(testCertificates().ca, server, 'db.test')).toMatch(/UNABLE_TO_|SIGNATURE/)
    const alone = selfSigned({ names: ['db.test'] })
    expect(await verdict(testCertificates().ca, alone, 'db.test')).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(await verdict(alone.cert, alone, 'db.test')).toBe('trusted')
  })

  it('expire when they are told to', async () => {
    const { ca, issue } = testCertificates()
    const to = new Date(Date.now() - DAY_MS)
    const expired = issue({ names: ['db.test'], from: new Date(to.getTime() - DAY_MS), to })
    expect(await verdict(ca, expired, 'db.test')).toBe('CERT_HAS_EXPIRED')
  })

  it('prove who the client is', async () => {
    const { ca, server, client } = testCertificates({ client: 'robot-7' })
    const tls = createServer({ ...server, ca, requestCert: true })
    tls.listen(0, '127.0.0.1')
    await once(tls, 'listening')
    const address = tls.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const peer = connect({ port, host: '127.0.0.1', ca, ...client })
    const [accepted] = (await once(tls, 'secureConnection')) as [typeof peer]
    expect([accepted.authorized, accepted.getPeerCertificate().subject.CN]).toEqual([true, 'robot-7'])
    peer.destroy()
    tls.close()
  })
})

describe('certificateAuthority()', () => {
  it('writes certificates the strictest reading of OpenSSL accepts [RFC 5280]', () => {
    const folder = mkdtempSync(join(tmpdir(), 'certificates-'))
    try {
      const { ca, server } = testCertificates()
      const [authority, leaf] = [join(folder, 'ca.pem'), join(folder, 'server.pem')]
      writeFileSync(authority, ca)
      writeFileSync(leaf, server.cert)
      const run = spawnSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', authority, leaf])
      // where there is no openssl at all this has nothing to say
      if (run.error === undefined) expect(run.stderr.toString() + run.stdout.toString()).toBe(`${leaf}: OK\n`)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('writes every address as others read it', () => {
    const authority = certificateAuthority()
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const read = new X509Certificate(authority.issue({ names: [address] }).cert)
        expect(read.checkIP(address)).toBeDefined()
        expect(read.checkIP('203.0.113.250')).toBe(address === '203.0.113.250' ? address : undefined)
      }),
      { numRuns: 50 },
    )
  })

  it('writes times before and after 2050, and refuses what is no time', () => {
    const to = new Date('2061-02-03T04:05:06Z')
    const { cert } = certificateAuthority().issue({ from: new Date('2049-12-31T23:59:59Z'), to })
    const read = new X509Certificate(cert)
    expect([read.validFrom, read.validTo]).toEqual(['Dec 31 23:59:59 2049 GMT', 'Feb  3 04:05:06 2061 GMT'])
    expect(() => selfSigned({ to: new Date(NaN) })).toThrow(WrongOption)
  })
})
