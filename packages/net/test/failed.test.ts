import { lines } from '@sluice/protocol'
import { from, NEVER, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { ConnectionEvent, ConnectionOptions, Handler } from '../src/index.ts'
import { ConnectFailed, ConnectionLost, fromDuplex, speak } from '../src/index.ts'
import { failureOf } from '../src/internal/connection/failure.ts'
import { talking } from './support/talking.ts'
import { shout } from './support/converse.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

/** What is told of the end of a conversation in memory: the events behind all others. */
const ending = async (
  end: (wire: Wire, connection: ReturnType<typeof fromDuplex>) => unknown,
  handler: Handler<string, string> = shout,
  options: ConnectionOptions = {},
): Promise<ConnectionEvent[]> => {
  const wire = new Wire()
  const connection = fromDuplex(wire, options)
  const events: ConnectionEvent[] = []
  connection.events$.subscribe((event) => events.push(event))
  of(connection).pipe(speak(lines({ maxFrameBytes: 32 }), handler)).subscribe() // prettier-ignore
  await end(wire, connection)
  await turns()
  return events.filter(({ _tag }) => _tag === 'Failed' || _tag === 'Closed')
}

const oh = new Error('oh')

describe('Failed', () => {
  it('comes right before Closed, with the error of the cause [R10]', async () => {
    const truncated = await ending((wire) => (wire.give('half'), wire.fin()))
    expect(truncated).toMatchObject([{ _tag: 'Failed', error: { _tag: 'Truncated', got: 4 } }, { _tag: 'Closed' }])
    const reset = await ending((wire) => wire.destroy(oh))
    expect(reset).toMatchObject([{ error: oh }, { cause: { _tag: 'Reset', error: oh } }])
    const malformed = await ending((wire) => wire.give('x'.repeat(40)))
    expect(malformed).toMatchObject([{ error: { _tag: 'TooLong' } }, { cause: { _tag: 'ProtocolFailed' } }])
    const thrown = await ending(
      (wire) => wire.give('a\n'),
      tap(() => {
        throw oh
      }),
    )
    expect(thrown).toMatchObject([{ error: oh }, { cause: { _tag: 'HandlerFailed', error: oh } }])
  })

  it('is a ConnectionLost with the cause as its reason, where that has no error of its own [R10]', async () => {
    const overflowed = await ending(
      async (wire, connection) => {
        wire.stall()
        connection.write(Buffer.from('on its way'))
        await turns()
        connection.write(Buffer.from('one too many'))
      },
      () => NEVER,
      { whenFull: 'fail', maxUnsentBytes: 1 },
    )
    expect(overflowed).toMatchObject([{ error: { _tag: 'ConnectionLost', reason: { _tag: 'Overflowed' } } }, {}])
    const text = await ending(
      () => undefined,
      () => from(new Promise<string>((_, reject) => setImmediate(reject, 'oh'))),
    )
    expect(text).toMatchObject([
      { error: { _tag: 'ConnectionLost', reason: { _tag: 'HandlerFailed', error: 'oh' } } },
      {},
    ])
  })

  it('comes with a clock that ran out [R10][R21]', async () => {
    const { connection, wait } = talking({ silenceMs: 1_000 })
    const events: ConnectionEvent[] = []
    connection.events$.subscribe((event) => events.push(event))
    expect(await wait(1_010)).toBe('silence 1000')
    const cause = { _tag: 'TimedOut', clock: 'silence', afterMs: 1_000 }
    expect(events).toMatchObject([{}, { _tag: 'Failed', error: { _tag: 'ConnectionLost', reason: cause } }, { cause }])
  })

  it('does not come where nothing failed [R10]', async () => {
    const finished = await ending((wire) => (wire.give('whole\n'), wire.fin()))
    expect(finished).toMatchObject([{ _tag: 'Closed', cause: { _tag: 'Finished' } }])
    const aborted = await ending((_, connection) => {
      connection.abort()
    })
    expect(aborted).toMatchObject([{ _tag: 'Closed', cause: { _tag: 'Aborted' } }])
  })

  it('comes with the reason of an abort that has one [R10]', async () => {
    const error = await ending(
      (_, connection) => {
        connection.abort(oh)
      },
      () => NEVER,
    )
    expect(error).toMatchObject([{ _tag: 'Failed', error: oh }, { cause: { _tag: 'Aborted', reason: oh } }])
    const text = await ending((_, connection) => {
      connection.abort('enough')
    })
    expect(text).toMatchObject([{ error: { _tag: 'ConnectionLost', reason: { reason: 'enough' } } }, {}])
  })

  it('is told to who comes late too, and nothing comes between it and Closed [R10]', async () => {
    const wire = new Wire()
    const connection = fromDuplex(wire)
    const heard: string[] = []
    connection.pause()
    connection.events$.subscribe(({ _tag }) => {
      heard.push(_tag)
      // what this would tell is of a connection that is over
      if (_tag === 'Failed') connection.resume()
    })
    wire.destroy(oh)
    await turns()
    expect(heard).toEqual(['Connected', 'Failed', 'Closed'])
    const late: string[] = []
    connection.events$.subscribe({ next: ({ _tag }) => late.push(_tag), complete: () => late.push('complete') })
    expect(late).toEqual([...heard, 'complete'])
  })
})

describe('the table of causes and errors', () => {
  it('covers what never was a connection [R10]', () => {
    const connect = new ConnectFailed('localhost:1', 'ECONNREFUSED', 'refused')
    expect(failureOf({ _tag: 'ConnectFailed', error: connect })).toBe(connect)
    expect(failureOf({ _tag: 'TlsFailed', error: oh })).toBe(oh)
    expect(failureOf({ _tag: 'ShutDown' })).toBe(null)
    expect(failureOf({ _tag: 'Overflowed', limit: 1, unsentBytes: 2 })).toBeInstanceOf(ConnectionLost)
  })
})
