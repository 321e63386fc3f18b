import { lines } from '@sluice/protocol'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import type { ConnectionOptions } from '../src/index.ts'
import { createGate, fromDuplex, NotWritable } from '../src/index.ts'
import { closing } from './support/loopback.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

const lifted = (options: ConnectionOptions = {}) => {
  const wire = new Wire()
  const connection = fromDuplex(wire, options)
  const say = (text: string) => connection.write(Buffer.from(text))
  return { wire, connection, say }
}

describe('after our end', () => {
  it('a write is an error for the writer, and nothing of it is sent [R8]', async () => {
    const { wire, say, connection } = lifted()
    say('a')
    connection.end()
    expect(say('b')).toEqual(E.left(new NotWritable('ended')))
    expect(connection.send(lines(), 'c')).toEqual(E.left(new NotWritable('ended')))
    await turns()
    expect(wire.text).toBe('a')
    expect(wire.writableFinished).toBe(true)
  })

  it('of the connection, a write is an error too, never an exception [R8]', async () => {
    const { say, connection } = lifted()
    connection.abort()
    expect(say('a')).toEqual(E.left(new NotWritable('closed')))
    await closing(connection)
    expect(say('a')).toEqual(E.left(new NotWritable('closed')))
  })

  it('everything queued is flushed first, also what waited for a full socket [R9]', async () => {
    const { wire, say, connection } = lifted()
    wire.stall()
    say('a')
    await turns()
    say('b')
    connection.end()
    say('c')
    await turns()
    expect(wire.writableFinished).toBe(false)
    wire.drain()
    await turns()
    expect(wire.text).toBe('ab')
    expect(wire.writableFinished).toBe(true)
  })

  it('whoever was held for it is let go once it is flushed [R3][R9]', async () => {
    const { wire, say, connection } = lifted({ highWaterMark: 4 })
    const told: string[] = []
    const source = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    wire.stall()
    source.run(() => {
      say('12345678')
    })
    connection.end()
    expect(told).toEqual(['pause'])
    wire.drain()
    await turns()
    expect(told).toEqual(['pause', 'resume'])
  })
})

describe('a message that cannot be encoded', () => {
  it('is an error for the writer, leaves no trace on the wire, and the next one goes on [R8]', async () => {
    const { wire, connection } = lifted()
    const protocol = lines({ maxFrameBytes: 8 })
    connection.send(protocol, 'one')
    expect(connection.send(protocol, 'two\n')).toMatchObject({ left: { _tag: 'NotEncodable', fault: 'local' } })
    expect(connection.send(protocol, 'far too long')).toMatchObject({ left: { _tag: 'TooLong', fault: 'local' } })
    connection.send(protocol, 'three')
    await turns()
    expect(wire.text).toBe('one\nthree\n')
  })
})
