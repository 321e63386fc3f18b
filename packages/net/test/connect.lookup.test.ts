import type { LookupFunction } from 'node:net'
import { networkInterfaces } from 'node:os'
import { firstValueFrom, take, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionEvent, ConnectOptions } from '../src/index.ts'
import { connect } from '../src/index.ts'
import { connected, HOST, listening, plainServer, portOf } from './support/loopback.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'

nothingLeft()

const has6 = Object.values(networkInterfaces()).flat().some((one) => one?.family === 'IPv6') // prettier-ignore

const first = async (connection: Connection, count: number): Promise<readonly ConnectionEvent[]> =>
  firstValueFrom(connection.events$.pipe(take(count), toArray()))

const failure = async (options: ConnectOptions): Promise<unknown> =>
  firstValueFrom(connect(options)).then(
    () => 'connected',
    (error: unknown) => error,
  )

/** As plain JavaScript may. */
const thrower = (): never => {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- that is the point
  throw 'oh'
}

/** A lookup that knows these, whatever the name. */
const knows =
  (...addresses: readonly string[]): LookupFunction =>
  (_host, _options, answer) => {
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }

describe('Lookup', () => {
  it('is told first, with all addresses, where there was a name [R10]', async () => {
    const { port } = await plainServer()
    const connection = await connected({ host: 'somewhere.test', port, lookup: knows(HOST, HOST) })
    const events = await first(connection, 2)
    expect(events).toMatchObject([
      { _tag: 'Lookup', host: 'somewhere.test', addresses: [HOST, HOST] },
      { _tag: 'Connected' },
    ])
  })

  it('is not told where there was an address [R10]', async () => {
    const { port } = await plainServer()
    expect(await first(await connected({ port }), 1)).toMatchObject([{ _tag: 'Connected' }])
  })

  it('is that of the system by default', async () => {
    const { port } = await plainServer()
    const [event] = await first(await connected({ host: 'localhost', port }), 1)
    expect(event).toMatchObject({ _tag: 'Lookup', host: 'localhost' })
    expect(event).toHaveProperty('addresses', expect.arrayContaining([HOST]))
  })
})

describe("a lookup of one's own", () => {
  it('is asked as node:dns is: family and hints', async () => {
    const { port } = await plainServer()
    const asked: unknown[] = []
    const lookup: LookupFunction = (host, options, answer) => {
      asked.push([host, options.family, options.hints])
      answer(null, HOST, 4)
    }
    await connected({ host: 'a.test', port, family: 4, hints: 1024, lookup })
    expect(asked).toEqual([['a.test', 4, 1024]])
  })

  it('may answer one address where all were asked for', async () => {
    const { port } = await plainServer()
    await connected({ host: 'a.test', port, lookup: (_host, _options, answer) => { answer(null, HOST, 4) } }) // prettier-ignore
  })

  const failing: Readonly<Record<string, [lookup: LookupFunction, code: string]>> = {
    'says why': [(_host, _options, answer) => { answer(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }), '') }, 'EAI_AGAIN'], // prettier-ignore
    'throws': [() => { throw Object.assign(new Error('oh'), { code: 'EBROKEN' }) }, 'EBROKEN'], // prettier-ignore
    'throws what is no error': [thrower, 'ENOTFOUND'],
    'knows nothing': [knows(), 'ENOTFOUND'],
    'answers what is no address': [knows('x'), 'ENOTFOUND'],
    'fails with what is no error': [(_host, _options, answer) => { answer('no' as never, '') }, 'ENOTFOUND'], // prettier-ignore
  }
  for (const [what, [lookup, code]] of Object.entries(failing)) {
    for (const autoSelectFamily of [true, false]) {
      it(`that ${what} is ConnectFailed ${code} (autoSelectFamily ${String(autoSelectFamily)}) [R27]`, async () => {
        const error = await failure({ host: 'a.test', port: 1, lookup, autoSelectFamily })
        expect(error).toMatchObject({ _tag: 'ConnectFailed', code, target: 'a.test:1' })
      })
    }
  }

  it('that answers twice, or after all is over, does no harm [R14]', async () => {
    const { port } = await plainServer()
    const twice: LookupFunction = (_host, _options, answer) => {
      answer(null, HOST, 4)
      answer(new Error('late'), '')
    }
    await connected({ host: 'a.test', port, lookup: twice })
    let answerLate = (): void => undefined
    const late: LookupFunction = (_host, _options, answer) => {
      answerLate = () => {
        answer(new Error('late'), '')
      }
    }
    connect({ host: 'a.test', port, lookup: late }).subscribe().unsubscribe()
    answerLate()
    await turns()
  })
})

describe('several addresses', () => {
  it('are tried one after the other, until one answers', async () => {
    const { port } = await plainServer()
    // nobody listens on the first two
    const lookup = knows('127.0.0.2', '127.0.0.3', HOST)
    const connection = await connected({ host: 'a.test', port, lookup, autoSelectFamilyAttemptTimeoutMs: 50 })
    expect(connection.remote).toMatchObject({ address: HOST })
  })

  it('that all refuse are one error that names them all', async () => {
    const { port } = await plainServer()
    const error = await failure({ host: 'a.test', port, lookup: knows('127.0.0.2', '127.0.0.3') })
    expect(error).toMatchObject({ _tag: 'ConnectFailed', code: 'ECONNREFUSED' })
    expect(String(error)).toMatch(/cannot connect to a\.test:\d+: .*127\.0\.0\.2.*; .*127\.0\.0\.3/)
  })

  it('only the first is tried where that is chosen', async () => {
    const { port } = await plainServer()
    const lookup = knows('127.0.0.2', HOST)
    expect(await failure({ host: 'a.test', port, lookup, autoSelectFamily: false })).toMatchObject({ code: 'ECONNREFUSED' }) // prettier-ignore
  })

  it.skipIf(!has6)('of both families are tried in turn, of one where that is chosen (needs IPv6)', async () => {
    const listener = await listening({ host: '::1' })
    const host = 'localhost'
    const six = await connected({ host, port: portOf(listener), lookup: knows(HOST, '::1') })
    expect(six.remote?.family).toBe('IPv6')
    const own = await connected({ host, port: portOf(listener), family: 6, lookup: knows('::1') })
    expect(own.local?.family).toBe('IPv6')
  })
})

describe('the near end', () => {
  it('can be chosen: address and port', async () => {
    const { port, accepted } = await plainServer()
    const connection = await connected({ port, localAddress: '127.0.0.9' })
    expect(connection.local).toMatchObject({ address: '127.0.0.9' })
    const { remotePort } = await accepted
    expect(connection.local?.port).toBe(remotePort)
  })

  it('that is taken already is ConnectFailed EADDRINUSE', async () => {
    const { port } = await plainServer()
    const taken = await plainServer()
    const error = await failure({ host: HOST, port, localAddress: HOST, localPort: taken.port })
    expect(error).toMatchObject({ _tag: 'ConnectFailed', code: 'EADDRINUSE' })
  })
})
