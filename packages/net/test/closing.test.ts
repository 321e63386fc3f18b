import { converse, protocol } from './support/converse.ts'
import type { Protocol } from '@sluice/protocol'
import { catchError, firstValueFrom, ignoreElements, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex, speak } from '../src/index.ts'
import { closing, everything, pair } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { until } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

describe('closing is a ratchet', () => {
  it('end twice is one FIN, and abort after the end is one Closed [R11]', async () => {
    const { connection, peer } = await pair()
    connection.end()
    connection.end()
    expect(await everything(peer)).toBe('')
    connection.abort('enough')
    connection.end()
    connection.close()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Aborted', reason: 'enough' })
  })

  it('close ends the input of the handler, flushes, discards what still comes, and finishes [R11]', async () => {
    const { connection, peer } = await pair()
    const seen: string[] = []
    const talk = converse(connection, (in$) =>
      in$.pipe(
        tap((line) => seen.push(line)),
        ignoreElements(),
      ),
    )
    peer.write('hello\n')
    await until('the first line', () => seen.length === 1)
    connection.send(protocol, 'goodbye')
    connection.close()
    connection.close()
    expect(await everything(peer)).toBe('goodbye\n')
    peer.end('too late\n')
    const { cause, figures } = await talk
    expect(cause).toEqual({ _tag: 'Finished' })
    expect(seen).toEqual(['hello'])
    expect(figures).toMatchObject({ bytesRead: 15, bytesUnread: 9 })
  })

  it('what the peer has sent before both ends is taken first, however slowly [R4][R10][R13]', async () => {
    const wire = new Wire()
    const connection = fromDuplex(wire)
    const chunks: string[] = []
    connection.data$.subscribe((bytes) => chunks.push(Buffer.from(bytes).toString()))
    wire.give('a')
    wire.fin()
    connection.end()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
    expect(chunks).toEqual(['a'])
  })

  it('a stream that does not close by itself is closed when both sides have ended [R11]', async () => {
    const wire = new Wire({ autoDestroy: false })
    const connection = fromDuplex(wire)
    connection.data$.subscribe()
    connection.end()
    wire.fin()
    expect((await closing(connection)).cause).toEqual({ _tag: 'Finished' })
    expect(wire.destroyed).toBe(true)
  })

  it('a stream that is gone already is a connection that is closed at once [R10]', async () => {
    const wire = new Wire()
    wire.destroy()
    expect((await closing(fromDuplex(wire))).cause._tag).toBe('Reset')
  })
})

describe('a protocol error in the input', () => {
  it('may be answered by the handler: the answer is flushed, the cause stays [R10][R12]', async () => {
    const { connection, peer } = await pair()
    const talk = converse(connection, (in$) => in$.pipe(catchError(() => of('too long, goodbye'))))
    peer.end('x'.repeat(40))
    expect(await everything(peer)).toBe('too long, goodbye\n')
    expect((await talk).cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong' } })
  })

  it('of a protocol that throws is a failure of that connection, not of the process [R12]', async () => {
    const throwing: Protocol<string> = {
      name: 'throwing',
      decoder: () => ({
        ...protocol.decoder(),
        buffered: 0,
        push: () => {
          throw new Error('broken decoder')
        },
      }),
      encode: () => {
        throw new Error('broken encoder')
      },
    }
    const decoding = await pair()
    const one = firstValueFrom(of(decoding.connection).pipe(speak(throwing, (in$) => in$)))
    decoding.peer.write('x')
    expect((await one).cause).toMatchObject({ _tag: 'HandlerFailed', error: { message: 'broken decoder' } })
    expect(await one).toBe(await one)
    const encoding = await pair()
    const two = firstValueFrom(of(encoding.connection).pipe(speak(throwing, () => of('x'))))
    expect((await two).cause).toMatchObject({ _tag: 'HandlerFailed', error: { message: 'broken encoder' } })
  })
})
