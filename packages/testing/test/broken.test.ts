import type { Decoder, Protocol, Truncated } from '@sluice/protocol'
import { NotEncodable, TooLong, lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LawBroken, protocolLaws } from '../src/index.ts'

/** Lines of letters, as good as it gets; each test below spoils one thing about them. */
const good = lines({ maxFrameBytes: 16 })
const message = fc.stringMatching(/^[a-z]{0,8}$/)

/** The laws that a protocol breaks, by rule. */
const brokenRules = (protocol: Protocol<string>): ReadonlyArray<string> =>
  protocolLaws(protocol, { message, maxFrameBytes: 16, runs: 200, seed: 7 }).flatMap((law) => {
    try {
      law.run()
      return []
    } catch (error) {
      return error instanceof LawBroken ? [error.law.rule] : ['threw']
    }
  })

/** `good` with its decoder spoiled. */
const spoiled = (name: string, spoil: (decoder: Decoder<string>) => Decoder<string>): Protocol<string> => ({
  ...good,
  name,
  decoder: () => spoil(good.decoder()),
})

/** The decoder as it is, but for what is `changed`. */
const but = <A>(decoder: Decoder<A>, changed: Partial<Decoder<A>> = {}): Decoder<A> => ({
  get buffered() {
    return decoder.buffered
  },
  push: (chunk, emit) => decoder.push(chunk, emit),
  end: (emit) => decoder.end(emit),
  unread: () => decoder.unread(),
  ...changed,
})

describe('the law kit', () => {
  it('finds nothing wrong with a protocol that keeps the rules', () => {
    expect(brokenRules(spoiled('good', (decoder) => but(decoder)))).toEqual([])
  })

  it('catches a decoder that loses the last byte of a chunk [R15]', () => {
    const lossy = spoiled('lossy', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => decoder.push(chunk.length > 2 ? chunk.subarray(0, -1) : chunk, emit),
      }),
    )
    expect(brokenRules(lossy)).toContain('R15')
  })

  it('catches a decoder that forgets what a chunk left over [R4]', () => {
    const forgetful = spoiled('forgetful', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => {
          decoder.unread()
          return decoder.push(chunk, emit)
        },
      }),
    )
    expect(brokenRules(forgetful)).toEqual(expect.arrayContaining(['R4', 'R13', 'R15']))
  })

  it('catches a decoder that reads beyond its view [R15]', () => {
    const overreading = spoiled('overreading', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => decoder.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length + 1), emit),
      }),
    )
    expect(brokenRules(overreading)).toEqual(expect.arrayContaining(['R4', 'R15']))
  })

  it('catches a decoder that writes to its chunks [R20]', () => {
    const writing = spoiled('writing', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => {
          const copy = Uint8Array.from(chunk)
          chunk.fill(0)
          return decoder.push(copy, emit)
        },
      }),
    )
    expect(brokenRules(writing)).toContain('R20')
  })

  it('catches a decoder that takes a FIN for the end of a frame [R13]', () => {
    const trusting = spoiled('trusting', (decoder) =>
      but(decoder, {
        end: (emit) => E.orElse(() => E.right<Truncated, void>(undefined))(decoder.end(emit)),
      }),
    )
    expect(brokenRules(trusting)).toContain('R13')
  })

  it('catches a decoder that goes on after an error [R17]', () => {
    const talkative = spoiled('talkative', (first) => {
      let decoder = first
      return but(first, {
        push: (chunk, emit) => {
          const result = decoder.push(chunk, emit)
          if (E.isLeft(result)) decoder = good.decoder()
          return result
        },
        end: (emit) => decoder.end(emit),
      })
    })
    expect(brokenRules(talkative)).toContain('R17')
  })

  it('catches a decoder that does not stop when told to [R3]', () => {
    const unstoppable = spoiled('unstoppable', (decoder) => {
      const heedless = (emit: (line: string) => boolean) => (line: string) => {
        emit(line)
        return true
      }
      return but(decoder, {
        push: (chunk, emit) => decoder.push(chunk, heedless(emit)),
        end: (emit) => decoder.end(heedless(emit)),
      })
    })
    expect(brokenRules(unstoppable)).toContain('R3')
  })

  it('catches a decoder that loses what follows a stop [R3]', () => {
    const dropping = spoiled('dropping', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => {
          let stopped = false
          const result = decoder.push(chunk, (line) => !(stopped = !emit(line)))
          if (stopped) decoder.unread()
          return result
        },
      }),
    )
    expect(brokenRules(dropping)).toEqual(expect.arrayContaining(['R3', 'R4']))
  })

  it('catches a decoder that throws, and one that emits without end [R18]', () => {
    const throwing = spoiled('throwing', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => {
          if (chunk.includes(0xff)) throw new Error('did not expect that')
          return decoder.push(chunk, emit)
        },
      }),
    )
    const endless = spoiled('endless', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => {
          while (chunk.includes(0xff)) emit('again')
          return decoder.push(chunk, emit)
        },
      }),
    )
    expect(brokenRules(throwing)).toContain('R18')
    expect(brokenRules(endless)).toContain('R18')
  })

  it('catches a decoder that trusts a length, and hoards [R18]', () => {
    const hoarding: Protocol<string> = { ...lines(), name: 'hoarding' }
    expect(brokenRules(hoarding)).toContain('R18')
  })

  it('catches a decoder that misreports what it holds [R4]', () => {
    const silent = spoiled('silent', (decoder) => but(decoder, { buffered: 0 }))
    expect(brokenRules(silent)).toEqual(['R4'])
  })

  it('catches a protocol whose decoders share what they remember [R12]', () => {
    let rest = Buffer.alloc(0)
    const shared = spoiled('shared', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => {
          const all = Buffer.concat([rest, chunk])
          const whole = all.lastIndexOf(10) + 1
          rest = all.subarray(whole)
          return decoder.push(all.subarray(0, whole), emit)
        },
      }),
    )
    expect(brokenRules(shared)).toContain('R12')
  })

  it('catches an encoder that leaves half a message behind [R8]', () => {
    const careless: Protocol<string> = {
      ...good,
      encode: (line, out) => {
        out.utf8(line)
        if (line.includes('!')) {
          return E.left(new NotEncodable({ what: 'an exclamation mark', protocol: 'careless', message: line }))
        }
        out.byte(10)
        return E.right(undefined)
      },
    }
    const laws = protocolLaws(careless, { message, refused: fc.constant('a!'), runs: 50 })
    const run = laws.find((law) => law.name.includes('[R8]'))?.run
    expect(run).toThrow('written in part')
  })

  it('catches a limit that is off by one, either way [R16]', () => {
    const limitLaw = (shift: number) =>
      protocolLaws(good, {
        message,
        runs: 50,
        sized: {
          protocol: (limit) => ({
            ...lines({ maxFrameBytes: limit + shift }),
            encode: lines({ maxFrameBytes: limit }).encode,
          }),
          message: (bytes) => 'x'.repeat(bytes - 1),
          from: 2,
        },
      }).find((law) => law.name.includes('[R16]'))
    expect(limitLaw(0)?.run).not.toThrow()
    expect(limitLaw(1)?.run).toThrow('reading one byte more should be TooLong')
    expect(limitLaw(-1)?.run).toThrow('reading a frame of the limit')
  })

  it('reports the smallest case, drawn, and what repeats it', () => {
    const truncating = spoiled('truncating()', (decoder) =>
      but(decoder, {
        push: (chunk, emit) => decoder.push(chunk, (line) => emit(line.slice(0, 3))),
      }),
    )
    const law = protocolLaws(truncating, { message, runs: 200, seed: 7 })[0]
    const failure = (() => {
      try {
        law?.run()
        return null
      } catch (error) {
        return error as LawBroken
      }
    })()
    expect(failure).toBeInstanceOf(LawBroken)
    expect(failure?.message).toContain('truncating() breaks a law')
    expect(failure?.drawing).toMatch(
      /^reads back what it wrote, however it is cut \[R15\]\n {2}message 0 should be '[a-z]{4}'\n {2}and is '[a-z]{3}'\n/,
    )
    expect(failure?.drawing).toMatch(/\n {2}bytes {2}(?:[0-9a-f]{2} ){4}0a\n {2}text {3}[a-z]{4}\.$/)
    const again = { seed: failure?.seed ?? 0, path: failure?.path ?? '' }
    expect(protocolLaws(truncating, { message, ...again })[0]?.run).toThrow(failure?.drawing)
  })

  it('compares errors by what they say, not by how much they show', () => {
    const info = { limit: 4, seen: 4, offset: 0, fault: 'remote' } as const
    const one = new TooLong({ ...info, bytes: Uint8Array.of(1) })
    const values: Protocol<TooLong, string> = {
      name: 'values',
      encode: (line, out) => good.encode(line, out),
      decoder: () => {
        const decoder = good.decoder()
        return {
          buffered: 0,
          push: (chunk, emit) => decoder.push(chunk, () => emit(new TooLong({ ...info, bytes: chunk }))),
          end: () => decoder.end(() => true),
          unread: () => decoder.unread(),
        }
      },
    }
    for (const law of protocolLaws(values, { message, read: () => one, runs: 50 })) {
      if (law.name.includes('[R15]')) law.run()
    }
  })
})
