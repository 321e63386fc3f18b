import type { Socket } from 'node:net'
import { concat, firstValueFrom, ignoreElements, mergeMap, of } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, TlsUpgradeOptions } from '../src/index.ts'
import { PlaintextBeforeTls, speak, upgradeTls } from '../src/index.ts'
import { clientPair, closing, next, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { mail, mailServer } from './support/starttls.ts'
import { ca, good, tlsDialling } from './support/tls.ts'
import { turns, until } from './support/turns.ts'

nothingLeft()

const server: TlsUpgradeOptions = { role: 'server', ...good }
const client: TlsUpgradeOptions = { role: 'client', ca: ca.cert, servername: 'localhost' }

const failure = async (connection: Connection, options: TlsUpgradeOptions): Promise<unknown> =>
  firstValueFrom(upgradeTls(connection, options)).then(
    () => 'upgraded',
    (error: unknown) => error,
  )

/** All a peer hears until the connection is over, however it ends. */
const heardBy = async (peer: Socket): Promise<string> => {
  const chunks: Buffer[] = []
  peer.on('data', (chunk: Buffer) => chunks.push(chunk))
  await until('the end', () => peer.closed || peer.readableEnded)
  return Buffer.concat(chunks).toString()
}

describe('F56: plain text behind the message that asks for TLS', () => {
  it('is refused, and nothing of it is answered: in the same chunk', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(mail, mailServer())))
    const heard = heardBy(peer)
    peer.write('EHLO x\r\nSTARTTLS\r\nMAIL FROM:<e@x>\r\n')
    const { cause } = await talk
    expect(cause).toMatchObject({ _tag: 'TlsFailed', error: { _tag: 'PlaintextBeforeTls', bytes: 17 } })
    expect(await heard).not.toContain('MAIL')
  })

  it('also where it is no whole message', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(mail, mailServer())))
    peer.write('STARTTLS\r\nMA')
    expect((await talk).cause).toMatchObject({ error: { _tag: 'PlaintextBeforeTls', bytes: 2 } })
  })

  it('in a chunk of its own it is no TLS, and never a message', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(mail, mailServer())))
    peer.write('STARTTLS\r\n')
    expect(await next(peer, 29)).toContain('220 go ahead')
    peer.write('MAIL FROM:<e@x>\r\n')
    expect((await talk).cause).toMatchObject({ _tag: 'TlsFailed', error: { _tag: 'TlsFailed', why: 'protocol' } })
  })

  it('is refused in a client too: an answer to what was not asked yet', async () => {
    const { connection, peer } = await clientPair()
    const talk = firstValueFrom(
      of(connection).pipe(
        speak(mail, (in$) =>
          concat(of('STARTTLS'), in$.pipe(mergeMap(() => upgradeTls(connection, client).pipe(ignoreElements())))),
        ),
      ),
    )
    peer.write('220 go ahead\r\n250 you are root\r\n')
    expect((await talk).cause).toMatchObject({ error: { _tag: 'PlaintextBeforeTls', bytes: 18 } })
  })

  it('that nobody has read yet counts, wherever it waits', async () => {
    const { connection, peer } = await pair()
    peer.write('x'.repeat(100))
    const seen = connection.data$.subscribe({ next: () => connection.pause(), error: () => undefined })
    await until('the first', () => connection.figures.bytesRead === 100)
    seen.unsubscribe()
    peer.write('y'.repeat(50))
    await turns(20)
    const error = await failure(connection, server)
    expect(error).toBeInstanceOf(PlaintextBeforeTls)
    expect((await closing(connection)).cause).toMatchObject({ _tag: 'TlsFailed', error })
  })
})

describe('handOver', () => {
  it('gives a greeting that did not wait to TLS', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(mail, mailServer({ unread: 'handOver' }))))
    // the greeting of a client that speaks to nobody
    const silent = await pair()
    tlsDialling(0, { socket: silent.peer, servername: 'localhost' })
    const greeting = await firstValueFrom(silent.connection.data$)
    peer.write(Buffer.concat([Buffer.from('STARTTLS\r\n'), greeting]))
    const answer = await next(peer, 200)
    const [text, record] = answer.split('220 go ahead\r\n')
    expect([text, record?.charCodeAt(0)]).toEqual(['220 mail.test\r\n', 0x16])
    peer.resetAndDestroy()
    expect((await talk).cause).toMatchObject({ _tag: 'TlsFailed', error: { why: 'closed' } })
  })

  it('is no way in for plain text', async () => {
    const { connection, peer } = await pair()
    const talk = firstValueFrom(of(connection).pipe(speak(mail, mailServer({ unread: 'handOver' }))))
    const heard = heardBy(peer)
    peer.write('STARTTLS\r\nMAIL FROM:<e@x>\r\nRCPT')
    expect((await talk).cause).toMatchObject({ _tag: 'TlsFailed', error: { why: 'protocol' } })
    expect(await heard).not.toContain('MAIL')
  })
})
