import { describe, expect, it } from 'vitest'
import { Malformed, NotEncodable, TooLong, Truncated, WrongOption } from '../src/index.ts'

const bytes = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n')

describe('errors', () => {
  it('say what is wrong, where, and show the bytes, in one line [R19]', () => {
    const truncated = new Truncated({
      phase: 'payload',
      got: 3,
      expected: 9,
      bytes: Uint8Array.of(1, 97, 255),
      offset: 7,
    })
    expect(truncated.message).toBe(
      'the stream ended inside a payload: 3 of 9 bytes came from offset 7 on: 01 61 ff |.a.|',
    )
    const one = new Truncated({ phase: 'line', got: 1, bytes: Uint8Array.of(97), offset: 0 })
    expect(one.message).toBe('the stream ended inside a line: 1 byte came from offset 0 on: 61 |a|')
    const announced = new TooLong({ limit: 8, announced: 25, bytes, offset: 4, fault: 'remote' })
    expect(announced.message).toBe(
      'the frame at offset 4 of 25 bytes is over the limit of 8:' +
        ' 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a |GET / HTTP/1.1..| … 9 more',
    )
    const seen = new TooLong({ limit: 1, seen: 1, bytes: new Uint8Array(0), offset: 0, fault: 'remote' })
    expect(seen.message).toBe('the frame at offset 0 has no end within 1 byte: no bytes')
    const malformed = new Malformed({ what: 'an LF without CR', at: 5, bytes: Uint8Array.of(10), offset: 3 })
    expect(malformed.message).toBe('the stream has an LF without CR at offset 5: 0a |.|')
    const refused = new NotEncodable({ what: 'an LF inside the line', protocol: 'lines()', message: 'a\nb' })
    expect(refused.message).toBe('lines() cannot send this message: an LF inside the line')
    const option = new WrongOption('lines()', 'ending', 'cr', "'lf'")
    expect(option.message).toBe(`lines(): ending is 'cr'; expected 'lf'`)
    for (const error of [truncated, one, announced, seen, malformed, refused, option]) {
      expect(error.message).not.toContain('\n')
      expect(error.message.length).toBeLessThan(200)
    }
  })

  it('are tagged, named, and tell whose fault they are [R19] [R27]', () => {
    const errors = [
      new Truncated({ phase: 'line', got: 1, bytes, offset: 0 }),
      new TooLong({ limit: 1, bytes, offset: 0, fault: 'local' }),
      new Malformed({ what: 'a mistake', at: 0, bytes, offset: 0 }),
      new NotEncodable({ what: 'a mistake', protocol: 'lines()', message: 1 }),
    ]
    expect(errors.map(({ _tag, name, fault }) => [_tag, name, fault])).toEqual([
      ['Truncated', 'Truncated', 'remote'],
      ['TooLong', 'TooLong', 'local'],
      ['Malformed', 'Malformed', 'remote'],
      ['NotEncodable', 'NotEncodable', 'local'],
    ])
    for (const error of errors) expect(error).toBeInstanceOf(Error)
    expect(new WrongOption('lines()', 'ending', 1, 'a word')).toMatchObject({
      _tag: 'WrongOption',
      name: 'WrongOption',
    })
  })

  it('show any option that was given [R27]', () => {
    const message = (given: unknown) => new WrongOption('x()', 'a', given, 'b').message
    expect(message(undefined)).toContain('a is undefined;')
    expect(message(Symbol('s'))).toContain('a is Symbol(s);')
    expect(message(Object.create(null))).toContain('a is ')
    expect(message({ deep: [1] })).toContain('a is { deep: [ 1 ] };')
  })
})
