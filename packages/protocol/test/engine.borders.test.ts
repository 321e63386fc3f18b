import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { Step } from '../src/index.ts'
import {
  TooLong,
  WrongOption,
  fail,
  framing,
  headerFramed,
  lengthPrefixed,
  lines,
  more,
  need,
  skip,
} from '../src/index.ts'
import { bytesOption, flagOption } from '../src/internal/options.ts'
import { stepDecoder } from '../src/internal/stepDecoder.ts'
import { Window } from '../src/internal/window.ts'
import { read, utf8 } from './wire.ts'

const by = (step: Step<string>, maxFrameBytes = 200) =>
  framing<string>({ name: 'by()', maxFrameBytes, initial: undefined, step, encode: () => E.right(undefined) })

describe('the window of unread bytes', () => {
  it('is the chunk itself as long as nothing else is unread [R20]', () => {
    const window = new Window(100)
    const chunk = utf8('abc')
    window.append(chunk)
    expect(window.view().buffer).toBe(chunk.buffer)
    window.append(new Uint8Array(0))
    expect(window.view().buffer).toBe(chunk.buffer)
    window.advance(3)
    expect(window.view().buffer).not.toBe(chunk.buffer)
    const next = utf8('d')
    window.append(next)
    expect(window.view().buffer).toBe(next.buffer)
  })

  it('grows by doubling, up to the limit, or to what there is where that is more [R18]', () => {
    const memory = (limit: number, ...sizes: number[]) => {
      const window = new Window(limit)
      for (const size of sizes) window.append(new Uint8Array(size))
      return window.view().buffer.byteLength
    }
    expect(memory(1000, 10, 1)).toBe(20)
    expect(memory(1000, 10, 10)).toBe(20)
    expect(memory(1000, 10, 10, 1)).toBe(40)
    expect(memory(15, 10, 1)).toBe(15)
    expect(memory(15, 10, 30)).toBe(40)
  })
})

describe('an error of the engine', () => {
  it('has the first 64 bytes of a frame that is too long, and owns them [R19]', () => {
    const chunk = utf8('x'.repeat(250))
    for (const step of [() => more(0, 'frame'), () => need(201, 'frame')]) {
      const { error } = read(by(step), chunk)
      expect(error).toMatchObject({ _tag: 'TooLong', fault: 'remote', bytes: utf8('x'.repeat(64)) })
      expect(error instanceof TooLong && error.bytes.buffer !== chunk.buffer).toBe(true)
    }
    expect(
      read(
        by(() => more(0, 'frame'), 5),
        chunk,
      ).error,
    ).toMatchObject({ bytes: utf8('xxxxx') })
  })

  it('has the 64 bytes up to a malformed one [R19]', () => {
    const wrong = by((bytes) => (bytes.length < 100 ? need(100, 'frame') : fail('a y', 99)))
    const { error } = read(wrong, utf8(`${'x'.repeat(99)}yz`))
    expect(error).toMatchObject({ _tag: 'Malformed', at: 99, bytes: utf8(`${'x'.repeat(63)}y`) })
  })

  it('has no more of a part that is over a limit of its own [R16]', () => {
    const part = (maxHeaderBytes: number) => read(headerFramed({ maxHeaderBytes }), utf8('x'.repeat(150))).error
    expect(part(100)).toMatchObject({ limit: 100, seen: 100, fault: 'remote', bytes: utf8('x'.repeat(64)) })
    expect(part(30)).toMatchObject({ limit: 30, bytes: utf8('x'.repeat(30)) })
  })

  it('says that a frame is cut where a framing has not said what of it [R13]', () => {
    const dropsFirst = by((_bytes, _scanned, _state, offset) => (offset === 0 ? skip(1) : need(5, 'tail')))
    expect(read(dropsFirst, utf8('ab')).error).toMatchObject({ phase: 'tail', got: 1, expected: 5, offset: 1 })
  })
})

describe('what the engine still waits for', () => {
  it('is at least a byte, and what a frame has not yet', () => {
    const decoder = stepDecoder<string, undefined>({
      maxFrameBytes: 100,
      initial: undefined,
      step: (bytes) => (bytes.length < 10 ? need(10, 'frame') : more(0, 'frame')),
    })
    expect(decoder.missing).toBe(1)
    decoder.push(utf8('abc'), () => true)
    expect(decoder.missing).toBe(7)
    decoder.push(utf8('defghij'), () => true)
    expect(decoder.missing).toBe(1)
  })
})

describe('options', () => {
  it('are named as they were given, and not where they are undefined', () => {
    const none = { ending: undefined } as object
    expect(lines(none).name).toBe('lines()')
    expect(lengthPrefixed({ width: 2 }).name).toBe('lengthPrefixed({ width: 2 })')
  })

  it('that are flags are true or false and nothing else', () => {
    expect(flagOption('f()', 'on', undefined, true)).toBe(true)
    expect(flagOption('f()', 'on', false, true)).toBe(false)
    const wrong = () => flagOption('f()', 'on', 'yes' as never, true)
    expect(wrong).toThrow(WrongOption)
    expect(wrong).toThrow("f(): on is 'yes'; expected true or false")
  })

  it('that are bytes may be text, and are copied', () => {
    const own = utf8('ab')
    const copy = bytesOption('f()', 'magic', own)
    own[0] = 0
    expect(copy).toEqual(utf8('ab'))
    expect(bytesOption('f()', 'magic', 'é')).toEqual(Uint8Array.of(0xc3, 0xa9))
    expect(bytesOption('f()', 'magic', undefined)).toEqual(new Uint8Array(0))
    expect(() => bytesOption('f()', 'magic', 7 as never)).toThrow('f(): magic is 7; expected bytes')
  })
})
