import { setImmediate as turn } from 'node:timers/promises'
import type { Protocol } from '@sluice/protocol'
import { byteQueue, bytes, cobs, delimited, lengthPrefixed, lines, slip, varintPrefixed } from '@sluice/protocol'
import fc from 'fast-check'
import type { Observable } from 'rxjs'
import { concat, defer, delayWhen, firstValueFrom, ignoreElements, last, of, take, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { fromDuplex, mapAsync, speak, switchTo } from '../src/index.ts'
import { closing, pair } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

/** Protocols of one kind of message, so that one can stand for another: each sees the same text. */
const asText = (protocol: Protocol<Uint8Array>): Protocol<string> => ({
  name: protocol.name,
  decoder: () => {
    const decoder = protocol.decoder()
    return {
      get buffered() {
        return decoder.buffered
      },
      push: (chunk, emit) => decoder.push(chunk, (one) => emit(Buffer.from(one).toString())),
      end: (emit) => decoder.end((one) => emit(Buffer.from(one).toString())),
      unread: () => decoder.unread(),
    }
  },
  encode: (message, out) => protocol.encode(Buffer.from(message), out),
})

const PROTOCOLS: readonly Protocol<string>[] = [
  lines(),
  lines({ ending: 'crlf' }),
  ...[lengthPrefixed(), varintPrefixed(), slip(), cobs(), delimited(';')].map(asText),
]

/** One stretch of the stream: so many messages of one protocol. */
interface Stretch {
  readonly protocol: number
  readonly messages: readonly string[]
  /** How the handler comes to be done with it. */
  readonly pace: 'now' | 'async' | 'slowly'
}

const word = fc.stringMatching(/^[a-z]{1,12}$/)
const stretch: fc.Arbitrary<Stretch> = fc.record({
  protocol: fc.nat({ max: PROTOCOLS.length - 1 }),
  messages: fc.array(word, { minLength: 1, maxLength: 5 }),
  pace: fc.constantFrom('now', 'now', 'async', 'slowly'),
})
const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 30 })

const protocolOf = ({ protocol }: Stretch): Protocol<string> => PROTOCOLS[protocol] ?? lines()

const encoded = (stretches: readonly Stretch[]): Uint8Array => {
  const out = byteQueue()
  for (const one of stretches) for (const message of one.messages) protocolOf(one).encode(message, out)
  return out.take()
}

const cutUp = (stream: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const chunks: Uint8Array[] = []
  let from = 0
  for (const size of at) {
    chunks.push(stream.subarray(from, from + size))
    from += size
  }
  return [...chunks, stream.subarray(from)].filter(({ length }) => length > 0)
}

/** Reads the stretches one behind the other, each with its own protocol; what it reads goes into `seen`. */
const reading = (connection: Connection, stretches: readonly Stretch[], seen: string[]): Observable<never> => {
  const read = (one: Stretch): Observable<never> =>
    switchTo(connection, protocolOf(one), (in$) => {
      const read$ = in$.pipe(tap((message) => seen.push(message)), take(one.messages.length)) // prettier-ignore
      if (one.pace === 'now') return read$.pipe(ignoreElements())
      // not `mapAsync`: nothing holds the gate, so that what lies behind the stretch is in the decoder already
      if (one.pace === 'async') return read$.pipe(last(), delayWhen(() => turn()), ignoreElements()) // prettier-ignore
      return read$.pipe(mapAsync(1, () => turn()), ignoreElements()) // prettier-ignore
    })
  return concat(...stretches.map((one) => defer(() => read(one))))
}

const expected = (stretches: readonly Stretch[]): string[] => stretches.flatMap(({ messages }) => [...messages])

describe('switchTo, whatever the protocols and however the stream is cut', () => {
  it('gives every byte to exactly one decoder, over a real socket [R4]', async () => {
    const property = fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 6 }), cuts, async (all, at) => {
      const { connection, peer } = await pair()
      const seen: string[] = []
      const stream = encoded(all)
      const talk = firstValueFrom(of(connection).pipe(speak(bytes(), () => reading(connection, all, seen))))
      peer.resume()
      for (const chunk of cutUp(stream, at)) {
        peer.write(chunk)
        if (chunk.length % 3 === 0) await turn()
      }
      peer.end()
      const { cause, figures } = await talk
      expect(seen).toEqual(expected(all))
      expect(cause).toEqual({ _tag: 'Finished' })
      expect(figures).toMatchObject({ bytesRead: stream.length, bytesUnread: 0 })
      giveBack()
    })
    await fc.assert(property, { numRuns: 100 })
  })

  it('keeps its books at every moment: what no message took is unread, no more and no less [R4][R10]', async () => {
    const property = fc.asyncProperty(fc.array(stretch, { minLength: 1, maxLength: 6 }), cuts, async (all, at) => {
      const wire = new Wire()
      const connection = fromDuplex(wire)
      const seen: string[] = []
      const books: boolean[] = []
      // after each message: the bytes of all messages so far, and those that are unread, are those that came
      const sizes = all.flatMap((one) =>
        one.messages.map((message) => encoded([{ ...one, messages: [message] }]).length),
      )
      const check = (): void => {
        const { bytesRead, bytesUnread } = connection.figures
        const taken = sizes.slice(0, seen.length).reduce((sum, size) => sum + size, 0)
        books.push(bytesRead === taken + bytesUnread)
      }
      of(connection)
        .pipe(speak(bytes(), () => reading(connection, all, seen)))
        .subscribe(check)
      for (const chunk of cutUp(encoded(all), at)) {
        wire.give(chunk)
        await turns(2)
        check()
      }
      wire.fin()
      const { cause } = await closing(connection)
      expect(cause).toEqual({ _tag: 'Finished' })
      expect(seen).toEqual(expected(all))
      expect(books).not.toContain(false)
    })
    await fc.assert(property, { numRuns: 150 })
  })
})
