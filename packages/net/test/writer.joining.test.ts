import { lines } from '@sluice/protocol'
import { describe, expect, it } from 'vitest'
import type { ConnectionOptions } from '../src/index.ts'
import { createGate, fromDuplex } from '../src/index.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

const lifted = (options: ConnectionOptions = {}) => {
  const wire = new Wire()
  const connection = fromDuplex(wire, options)
  const say = (text: string) => connection.write(Buffer.from(text))
  return { wire, connection, say }
}

/** A gate nobody looks at. */
const gate = () => createGate({ pause: () => undefined, resume: () => undefined })

describe('a write alone', () => {
  it('leaves by the end of the microtask, and not before [R6]', async () => {
    const { wire, say } = lifted()
    say('a')
    expect(wire.batches).toEqual([])
    await Promise.resolve()
    expect(wire.batches).toEqual(['a'])
  })

  it('takes along all that is written in the same turn, in order, as one system call [R6]', async () => {
    const { wire, say, connection } = lifted()
    say('a')
    connection.send(lines(), 'line')
    say('c')
    await Promise.resolve()
    expect(wire.batches).toEqual(['aline\nc'])
  })
})

describe('the writes of one dispatch', () => {
  it('leave as one system call at its end, before anything else runs [R6]', () => {
    const { wire, say } = lifted()
    gate().run(() => {
      for (const text of ['a', 'b', 'c']) say(text)
      expect(wire.batches).toEqual([])
    })
    expect(wire.batches).toEqual(['abc'])
  })

  it('leave at the end of the outermost dispatch, one system call a connection [R6]', () => {
    const [one, two] = [lifted(), lifted()]
    gate().run(() => {
      gate().run(() => {
        one.say('a')
        two.say('x')
      })
      expect(one.wire.batches).toEqual([])
      one.say('b')
    })
    expect(one.wire.batches).toEqual(['ab'])
    expect(two.wire.batches).toEqual(['x'])
  })

  it('leave at once where they are large, so that a dispatch without end piles up nothing [R6][R7]', () => {
    const { wire, say } = lifted({ highWaterMark: 8 })
    gate().run(() => {
      for (let i = 0; i < 6; i++) say('1234')
      expect(wire.batches).toEqual(['12341234', '12341234', '12341234'])
    })
  })

  it('leave also when the dispatch throws [R6]', () => {
    const { wire, say } = lifted()
    const broken = (): void => {
      gate().run(() => {
        say('a')
        throw new Error('oh')
      })
    }
    expect(broken).toThrow('oh')
    expect(wire.batches).toEqual(['a'])
  })
})

describe('while the socket is backed up', () => {
  it('all that is written waits here and leaves as one system call [R6]', async () => {
    const { wire, say } = lifted()
    wire.stall()
    say('a')
    await turns()
    for (const text of ['b', 'c', 'd']) {
      say(text)
      await turns()
    }
    expect(wire.batches).toEqual(['a'])
    wire.drain()
    await turns()
    expect(wire.batches).toEqual(['a', 'bcd'])
  })

  it('counts every byte that is not with the kernel [R10]', async () => {
    const { wire, say, connection } = lifted()
    wire.stall()
    say('abc')
    expect(connection.unsentBytes).toBe(3)
    await turns()
    say('de')
    expect(connection.unsentBytes).toBe(5)
    expect(connection.figures).toMatchObject({ bytesWritten: 0, bytesUnsent: 5 })
    wire.drain()
    await turns()
    expect(connection.unsentBytes).toBe(0)
    expect(connection.figures).toMatchObject({ bytesWritten: 5, bytesUnsent: 0 })
  })
})

describe('a large message', () => {
  it('goes to the socket by reference, a small one as a copy [R6]', async () => {
    const { wire, connection } = lifted()
    const [large, small] = [Buffer.alloc(64 * 1024, 'x'), Buffer.from('small')]
    connection.write(large)
    connection.write(small)
    await turns()
    expect(wire.parts.some((part) => part.buffer === large.buffer && part.byteOffset === large.byteOffset)).toBe(true)
    expect(wire.parts.some((part) => part.buffer === small.buffer)).toBe(false)
  })
})
