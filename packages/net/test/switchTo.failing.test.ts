import type { Decoder, Protocol } from '@sluice/protocol'
import { lengthPrefixed, lines, WrongOption } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { catchError, concat, firstValueFrom, map, mergeMap, NEVER, of, take, tap, throwError } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Closed, Connection, Handler } from '../src/index.ts'
import { currentGate, fromDuplex, speak, switchTo } from '../src/index.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { talking } from './support/talking.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const frames = lengthPrefixed({ maxFrameBytes: 64 })
const frame = (text: string): string => `\0\0\0${String.fromCharCode(text.length)}${text}`
const oh = new Error('oh')

/** At any line to another protocol. */
const switching =
  <In, Out>(protocol: Protocol<In, Out>, handler: Handler<In, Out>): Handler<string, string> =>
  (in$, connection) =>
    in$.pipe(mergeMap(() => switchTo(connection, protocol, handler)))

/** How a conversation ends that is given that. */
const ending = async (bytes: string, handler: Handler<string, string>): Promise<{ wire: Wire; closed: Closed }> => {
  const wire = new Wire()
  const talk = firstValueFrom(of(fromDuplex(wire)).pipe(speak(lines(), handler)))
  wire.give(bytes)
  return { wire, closed: await talk }
}

describe('a failure behind a switch', () => {
  it('of the new handler is HandlerFailed [R10][R12]', async () => {
    const broken: Handler<Uint8Array, Uint8Array>[] = [
      () => throwError(() => oh),
      () => {
        throw oh
      },
      tap(() => {
        throw oh
      }),
    ]
    for (const handler of broken) {
      const { closed } = await ending(`GO\n${frame('a')}`, switching(frames, handler))
      expect(closed.cause).toEqual({ _tag: 'HandlerFailed', error: oh })
    }
  })

  it('of what the peer sends is ProtocolFailed, with its offset in the new protocol [R10][R19]', async () => {
    const { closed } = await ending(
      `GO\n${frame('a')}\xff\xff\xff`,
      switching(frames, (in$) => in$),
    )
    expect(closed.cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong', offset: 5 } })
    expect(closed.figures.bytesUnread).toBe(closed.figures.bytesRead - 8)
  })

  it('of a message that no bytes are made of is ProtocolFailed, and our fault [R10][R12]', async () => {
    const long = switching(frames, map(() => Buffer.alloc(100))) // prettier-ignore
    const { closed } = await ending(`GO\n${frame('a')}`, long)
    expect(closed.cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong', fault: 'local' } })
  })

  it('may be caught by the handler before, which goes on; where the peer broke it the cause stays [R12]', async () => {
    const caught = (handler: Handler<Uint8Array, Uint8Array>): Handler<string, string> => {
      return (in$, self) => switching(frames, handler)(in$, self).pipe(catchError(() => of('caught')))
    }
    const thrown = await ending(`GO\n${frame('a')}`, (in$, self) => {
      setImmediate(() => self.close({ lingerMs: 1 }))
      return caught(() => throwError(() => oh))(in$, self)
    })
    expect(thrown.wire.text).toBe('caught\n')
    expect(thrown.closed.cause).toMatchObject({ _tag: 'TimedOut', clock: 'linger' })
    const wire = new Wire()
    const talk = firstValueFrom(
      of(fromDuplex(wire)).pipe(
        speak(
          lines(),
          caught((in$) => in$),
        ),
      ),
    )
    wire.give('GO\n\xff\xff\xff\xff')
    await turns()
    wire.fin()
    expect(wire.text).toBe('caught\n')
    expect((await talk).cause).toMatchObject({ _tag: 'ProtocolFailed', error: { _tag: 'TooLong' } })
  })

  it('of the decoder that is left is a failure of the connection, not of the process [R12]', async () => {
    const decoder = (): Decoder<string> => ({
      buffered: 1,
      push: (_, emit) => {
        emit('GO')
        return E.right(undefined)
      },
      end: () => E.right(undefined),
      unread: () => {
        throw oh
      },
    })
    const broken: Protocol<string> = { ...lines(), decoder }
    const wire = new Wire()
    const talk = firstValueFrom(
      of(fromDuplex(wire)).pipe(
        speak(
          broken,
          switching(frames, () => NEVER),
        ),
      ),
    )
    wire.give('x')
    expect((await talk).cause).toEqual({ _tag: 'HandlerFailed', error: oh })
  })

  it('of a connection of another library is a WrongOption', () => {
    const strange = { id: 1 } as unknown as Connection
    expect(() => switchTo(strange, lines(), (in$) => in$)).toThrow(WrongOption)
  })
})

describe('a decoder that keeps its books only when it returns', () => {
  it('gives way all the same, with no byte lost or doubled [R4]', async () => {
    const naive = (): Decoder<string> => {
      let rest = ''
      return {
        get buffered() {
          return rest.length
        },
        push: (chunk, emit) => {
          let left = rest + Buffer.from(chunk).toString('latin1')
          for (let at = left.indexOf('\n'), more = true; more && at !== -1; at = left.indexOf('\n')) {
            const line = left.slice(0, at)
            left = left.slice(at + 1)
            more = emit(line)
          }
          rest = left
          return E.right(undefined)
        },
        end: () => E.right(undefined),
        unread: () => {
          const unread = Buffer.from(rest, 'latin1')
          rest = ''
          return unread
        },
      }
    }
    const protocol: Protocol<string> = { ...lines(), decoder: naive }
    const wire = new Wire()
    const connection = fromDuplex(wire)
    of(connection).pipe(speak(protocol, switching(frames, (in$) => in$))).subscribe() // prettier-ignore
    wire.give(`GO\n${frame('a\nb')}`)
    await turns()
    expect(wire.text).toBe(frame('a\nb'))
    expect(connection.figures.bytesUnread).toBe(0)
    connection.abort()
  })
})

describe('the clocks and the gate behind a switch', () => {
  it('a frame of the new protocol that is begun in the rest must be finished in time [R21]', async () => {
    const { wire, wait } = talking(
      { frameMs: 1_000 },
      switching(frames, (in$) => in$),
    )
    wire.give(`GO\n${frame('abc').slice(0, -1)}`)
    expect(await wait(990)).toBe(null)
    expect(await wait(20)).toBe('frame 1000')
  })

  it('half a frame of the old one is not counted against the new one [R21]', async () => {
    const { wire, connection, wait } = talking({ frameMs: 1_000 }, (in$, self) =>
      concat(
        in$.pipe(take(1)),
        switchTo(self, lines(), () => NEVER),
      ),
    )
    wire.give('GO\nhalf')
    expect(await wait(10_000)).toBe(null)
    expect(connection.figures.bytesUnread).toBe(4)
    connection.abort()
  })

  it('what waits for a gate that is held waits for it in the new protocol too [R3]', async () => {
    const holder = {}
    const seen: string[] = []
    let release = (): void => undefined
    const { wire, connection, wait } = talking({}, (in$, self) =>
      in$.pipe(
        mergeMap(() => {
          const gate = currentGate()
          gate?.hold(holder)
          release = () => gate?.release(holder)
          return switchTo(self, frames, tap((one) => seen.push(Buffer.from(one).toString()))) // prettier-ignore
        }),
      ),
    )
    wire.give(`GO\n${frame('a')}${frame('b')}`)
    await wait(0)
    expect([seen, connection.figures.bytesUnread]).toEqual([[], 10])
    release()
    await wait(0)
    expect([seen, connection.figures.bytesUnread]).toEqual([['a', 'b'], 0])
    connection.abort()
  })
})
