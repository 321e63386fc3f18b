import { lengthPrefixed, lines } from '@sluice/protocol'
import { concat, filter, firstValueFrom, ignoreElements, mergeMap, of, take, tap, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionEvent, ConnectionOptions, TlsFacts } from '../src/index.ts'
import { fromDuplex, speak, switchTo, tlsAcceptor, upgradeTls } from '../src/index.ts'
import { closing, connected, listening, pair, portOf } from './support/loopback.ts'
import { memoryPair } from './support/memoryPair.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { mail, mailClient, mailServer } from './support/starttls.ts'
import { tap as tapped } from './support/wireTap.ts'
import { ca, good } from './support/tls.ts'
import { until } from './support/turns.ts'

nothingLeft()

const client = { role: 'client', ca: ca.cert, servername: 'localhost' } as const

/** More than the kernel takes at once. */
const MUCH = 24_000_000

/** Both ends ours, over loopback, with who listens on the way. */
const ends = async (options: ConnectionOptions = {}) => {
  const listener = await listening(options)
  const wire = await tapped(portOf(listener))
  const [near, far] = await Promise.all([connected({ port: wire.port }), firstValueFrom(listener.connections$)])
  return { near, far, wire }
}

describe('upgradeTls', () => {
  it('goes from plain text to TLS in place, in the middle of a conversation, on both ends', async () => {
    const { near, far, wire } = await ends()
    const heard: string[] = []
    const talk = firstValueFrom(of(far).pipe(speak(mail, mailServer())))
    const asks = mailClient(heard, ['EHLO me', 'STARTTLS', 'EHLO me', 'secret', 'QUIT'], client)
    const asked = firstValueFrom(of(near).pipe(speak(mail, asks)))
    await until('goodbye', () => heard.includes('221 goodbye'))
    near.end()
    expect([(await asked).cause, (await talk).cause]).toEqual([{ _tag: 'Finished' }, { _tag: 'Finished' }])
    expect(heard).toEqual(['220 mail.test', '250-hello', '250 STARTTLS', '220 go ahead', '250 hello', '250 secret TLSv1.3', '221 goodbye']) // prettier-ignore
    expect(wire.text()).toContain('STARTTLS')
    expect(wire.text()).not.toContain('secret')
  })

  it('tells Secured on both ends, and what was settled, which the connection then knows [R10]', async () => {
    const { near: a, far: b } = await ends()
    const events: ConnectionEvent['_tag'][] = []
    a.events$.subscribe(({ _tag }) => events.push(_tag))
    const facts = await upgraded(a, b)
    expect(facts).toEqual([b.tls, a.tls])
    expect(a.tls).toMatchObject({ authorized: true, serverName: 'localhost' })
    expect(events).toEqual(['Connected', 'Paused', 'Secured', 'Resumed'])
    const late = await firstValueFrom(b.events$.pipe(take(2), toArray()))
    expect(late.map(({ _tag }) => _tag)).toEqual(['Connected', 'Secured'])
  })

  it('flushes first what was written before, however much, and encrypts what is written meanwhile [R6]', async () => {
    const { near, far, wire } = await ends({ maxUnsentBytes: 2 * MUCH })
    const before = Buffer.alloc(MUCH, 'before ')
    far.write(before)
    expect(far.unsentBytes).toBe(MUCH)
    const upgrading = firstValueFrom(upgradeTls(far, { role: 'server', ...good }))
    far.write(Buffer.from('meanwhile'))
    let bytes = 0
    await firstValueFrom(
      near.data$.pipe(
        tap((chunk) => (bytes += chunk.length)),
        filter(() => bytes >= before.length),
      ),
    )
    expect(bytes).toBe(before.length)
    await firstValueFrom(upgradeTls(near, client))
    await upgrading
    expect(Buffer.from(await firstValueFrom(near.data$)).toString()).toBe('meanwhile')
    expect(wire.text()).not.toContain('meanwhile')
    expect(far.figures.bytesWritten).toBe(before.length + 9)
  })

  it('keeps what is written meanwhile to itself, while the memory of what went before is used again [R4]', async () => {
    const { near, far } = await ends({ maxUnsentBytes: 2 * MUCH })
    const other = await ends()
    const before = Buffer.alloc(MUCH, 'before ')
    far.write(before)
    expect(far.unsentBytes).toBe(MUCH)
    const upgrading = firstValueFrom(upgradeTls(far, { role: 'server', ...good }))
    const meanwhile = 'meanwhile '.repeat(400)
    for (let i = 0; i < 60; i++) far.write(Buffer.from(meanwhile))
    far.end()
    let bytes = 0
    const drained$ = near.data$.pipe(
      tap((chunk) => (bytes += chunk.length)),
      // takes over whatever memory is free
      tap(() => other.far.write(Buffer.alloc(12_000, '!'))),
      filter(() => bytes >= before.length),
    )
    await firstValueFrom(drained$)
    for (let i = 0; i < 20; i++) other.far.write(Buffer.alloc(12_000, '!'))
    await Promise.all([upgrading, firstValueFrom(upgradeTls(near, client))])
    expect(await textOf(near)).toBe(meanwhile.repeat(60))
  })

  it('ends with the goodbye of TLS where our end came meanwhile [R9]', async () => {
    const { near, far } = await ends()
    const upgrading = firstValueFrom(upgradeTls(far, { role: 'server', ...good }))
    far.write(Buffer.from('last words'))
    far.end()
    await Promise.all([upgrading, firstValueFrom(upgradeTls(near, client))])
    expect(await textOf(near)).toBe('last words')
    near.end()
    expect(await textOf(far)).toBe('')
    expect((await closing(far)).cause).toEqual({ _tag: 'Finished' })
  })

  it('lets another protocol follow, from the first encrypted byte on', async () => {
    const { near, far } = await ends()
    const frames = lengthPrefixed({ width: 2 })
    const echo = (connection: Connection) => switchTo(connection, frames, (frames$) => frames$)
    const talk = firstValueFrom(
      of(far).pipe(
        speak(lines(), (in$, connection) => {
          const upgrade$ = upgradeTls(connection, { role: 'server', ...good }).pipe(ignoreElements())
          return in$.pipe(mergeMap(() => concat(of('go ahead'), upgrade$, echo(connection))))
        }),
      ),
    )
    near.write(Buffer.from('tls\n'))
    await firstValueFrom(near.data$)
    await firstValueFrom(upgradeTls(near, client))
    near.send(frames, Buffer.from('hello'))
    expect(Buffer.from(await firstValueFrom(near.data$)).toString('latin1')).toBe('\0\x05hello')
    near.close()
    expect((await talk).cause).toEqual({ _tag: 'Finished' })
  })

  it('works over any stream of Node', async () => {
    const [one, other] = memoryPair()
    const [near, far] = [fromDuplex(one), fromDuplex(other)]
    await upgraded(near, far)
    near.write(Buffer.from('hello'))
    near.end()
    expect(await textOf(far)).toBe('hello')
    far.end()
    expect(await textOf(near)).toBe('')
    expect((await closing(near)).cause).toEqual({ _tag: 'Finished' })
  })

  it('takes an acceptor made once, so that sessions are resumed', async () => {
    const acceptor = tlsAcceptor(good)
    let session: Buffer | undefined
    const resumed: unknown[] = []
    for (let i = 0; i < 2; i++) {
      const { near, far } = await ends()
      const onSession = (told: Buffer): void => void (session = told)
      const options = { ...client, session: () => session, onSession }
      await Promise.all([
        firstValueFrom(upgradeTls(near, options)),
        firstValueFrom(upgradeTls(far, { role: 'server', acceptor })),
      ])
      resumed.push(near.tls?.resumed)
      far.write(Buffer.from('x'))
      await firstValueFrom(near.data$)
      await until('the session', () => session !== undefined)
    }
    expect(resumed).toEqual([false, true])
  })

  it('asks for the host that was connected to, where no name is given', async () => {
    const listener = await listening()
    const [near, far] = await Promise.all([
      connected({ host: 'localhost', port: portOf(listener) }),
      firstValueFrom(listener.connections$),
    ])
    const both = [upgradeTls(near, { role: 'client', ca: ca.cert }), upgradeTls(far, { role: 'server', ...good })]
    await Promise.all(both.map(async (one) => firstValueFrom(one)))
    expect(far.tls?.serverName).toBe('localhost')
  })

  it('does nothing before it is subscribed [R26]', async () => {
    const { connection, peer } = await pair()
    upgradeTls(connection, { role: 'server', ...good })
    peer.write('hello')
    expect(Buffer.from(await firstValueFrom(connection.data$)).toString()).toBe('hello')
  })
})

const textOf = async (connection: Connection): Promise<string> =>
  Buffer.concat(await firstValueFrom(connection.data$.pipe(toArray()))).toString()

const upgraded = async (near: Connection, far: Connection): Promise<readonly TlsFacts[]> =>
  Promise.all([
    // first who waits, as a server that has said so does
    firstValueFrom(upgradeTls(far, { role: 'server', ...good })),
    firstValueFrom(upgradeTls(near, client)),
  ])
