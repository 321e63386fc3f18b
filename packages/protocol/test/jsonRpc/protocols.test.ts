import { protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonRpcSent } from '../../src/index.ts'
import { byteQueue, jsonRpcHeaders, jsonRpcLines } from '../../src/index.ts'
import { read, utf8 } from '../wire.ts'
import { anySent } from './messages.ts'

/** A law of a FIN goes through every byte of a stream: few will do. */
const runs = Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 2)
const equals = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const refused = fc.constantFrom<unknown>({ _tag: 'Batch', messages: [] }, null) as fc.Arbitrary<JsonRpcSent>

const subjects = { 'jsonRpcLines()': jsonRpcLines(), 'jsonRpcHeaders()': jsonRpcHeaders() }

describe.each(Object.entries(subjects))('%s', (_name, protocol) => {
  const laws = protocolLaws(protocol, { runs, message: anySent, read: (sent) => sent, equals, refused })
  it.each(laws.map((law) => [law.name, law.run] as const))('%s', (_law, run) => {
    run()
  })
})

const brief = ({ messages, error }: ReturnType<typeof read<{ readonly _tag: string }>>) => [
  ...messages.map(({ _tag }) => _tag),
  ...(error === null ? [] : [typeof error === 'string' ? error : error.name]),
]

describe('JSON-RPC on the wire', () => {
  it('is a line a message: empty ones are nothing, those of no text are broken, a cut one is truncated [R13][R19]', () => {
    const note = '{"jsonrpc":"2.0","method":"a"}'
    const stream = Buffer.from(`${note}\r\n\n\xff\n[${note}]\n${note}`, 'latin1')
    for (let cut = 0; cut <= stream.length; cut++) {
      const outcome = read(jsonRpcLines(), stream.subarray(0, cut), stream.subarray(cut))
      expect(brief(outcome)).toEqual(['Notification', 'Broken', 'Batch', 'Truncated'])
      expect(outcome.messages[1]).toMatchObject({ code: -32700, id: null, error: { _tag: 'Malformed' } })
    }
  })

  it('is a body behind headers: those other than the length are left alone [R19]', () => {
    const body = '{"jsonrpc":"2.0","method":"é"}'
    const length = Buffer.byteLength(body)
    const type = 'Content-Type: application/vscode-jsonrpc; charset=utf8'
    const frames = `${type}\r\ncontent-length: ${String(length)}\r\n\r\n${body}Content-Length: 1\r\n\r\n{`
    expect(brief(read(jsonRpcHeaders(), utf8(frames)))).toEqual(['Notification', 'Broken'])
    const noText = Buffer.from('Content-Length: 1\r\n\r\n\xff', 'latin1')
    expect(read(jsonRpcHeaders(), noText).messages).toMatchObject([{ code: -32700, error: { _tag: 'Invalid' } }])
    expect(brief(read(jsonRpcHeaders(), utf8('Content-Length: x\r\n\r\n')))).toEqual(['Malformed'])
  })

  it('says where in the stream what is broken begins [R19]', () => {
    const { messages } = read(jsonRpcLines(), utf8('[]\n{}\n'))
    expect(messages).toMatchObject([{ error: { offset: 0 } }, { error: { offset: 3, frame: '{}' } }])
  })

  it('keeps to its limits, both ways [R16]', () => {
    const small = jsonRpcLines({ maxFrameBytes: 40 })
    const long = { _tag: 'Notification', method: 'a'.repeat(40) } as const
    expect(small.encode(long, byteQueue())).toMatchObject({ left: { _tag: 'TooLong', fault: 'local' } })
    expect(brief(read(small, utf8(`{"jsonrpc":"2.0","method":"${'a'.repeat(40)}"}\n`)))).toEqual(['TooLong'])
    expect(small.name).toBe('jsonRpcLines({ maxFrameBytes: 40 })')
    expect(jsonRpcHeaders({ maxBatch: 2 }).name).toBe('jsonRpcHeaders({ maxBatch: 2 })')
    expect(() => jsonRpcHeaders({ maxFrameBytes: 1 })).toThrow('maxFrameBytes')
  })
})
