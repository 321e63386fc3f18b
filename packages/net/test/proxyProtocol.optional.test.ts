import { lastValueFrom, toArray } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { fromDuplex } from '../src/index.ts'
import type { Arrival } from '../src/internal/server/arrival.ts'
import { EARLIER, handedOn, refusedFor, staging } from './proxyProtocolArrivals.ts'
import { client, server, written } from './proxyProtocolCases.ts'
import { nothingLeft } from './support/nothingLeft.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

nothingLeft()

const HEADER = written({ source: client, destination: server }).bytes

const rest = async ({ duplex }: Arrival): Promise<string> => {
  const connection = fromDuplex(duplex)
  const chunks = await lastValueFrom(connection.data$.pipe(toArray()))
  connection.end()
  return Buffer.concat(chunks).toString()
}

describe('where a trusted peer need not send a header', () => {
  const none: Readonly<Record<string, readonly string[]>> = {
    'bytes that begin like none': ['GET / HTTP/1.1'],
    'bytes that begin like one, and then not': ['PROX', 'IMITY'],
    'bytes of which nobody can say': ['PROXY'],
    'a line end, as version 2 begins with': ['\r\n', '\r\n', 'x'],
    'no byte at all': [],
  }
  it.each(Object.entries(none))(
    '%s go to the connection as they are, and the end too [R2][R4]',
    async (_name, chunks) => {
      const { arrive } = await staging({ required: false })
      const { peer, at } = await arrive()
      for (const chunk of chunks) {
        peer.write(chunk)
        await turns(4)
      }
      peer.end()
      const arrival = await handedOn(at)
      expect(arrival).toEqual({ duplex: at.socket, milestones: [EARLIER] })
      expect(await rest(arrival)).toBe(chunks.join(''))
    },
  )

  it('a header is read all the same', async () => {
    const { arrive } = await staging({ required: false })
    const { peer, at } = await arrive()
    for (const byte of HEADER) {
      peer.write(Uint8Array.of(byte))
      await turns(2)
    }
    peer.end('hi')
    const arrival = await handedOn(at)
    expect(arrival).toMatchObject({ remote: client, local: server })
    expect(await rest(arrival)).toBe('hi')
  })

  it('who is silent, or said too little to tell, is handed on at the deadline [R21]', async () => {
    for (const said of ['', 'P', 'PROXY']) {
      const { arrive, clock } = await staging({ required: false, headerMs: 50 })
      const { peer, at } = await arrive()
      peer.write(said)
      await turns()
      clock.advance(50)
      await turns()
      expect(at.outcomes).toEqual([])
      clock.advance(1)
      const arrival = await handedOn(at)
      peer.end(' later')
      expect(await rest(arrival)).toBe(`${said} later`)
    }
  })

  it('a header that is begun must be finished, rightly and in time [R13][R21]', async () => {
    const { arrive, clock } = await staging({ required: false, headerMs: 50 })
    const wrong = await arrive()
    wrong.peer.write('PROXY TCP5 ')
    wrong.peer.write('1 2 3 4\r\n')
    expect(await refusedFor(wrong.at)).toMatchObject({ reason: 'malformed' })
    const cut = await arrive()
    cut.peer.end('PROXY ')
    expect(await refusedFor(cut.at)).toMatchObject({ reason: 'truncated', cause: { got: 6 } })
    const slow = await arrive()
    slow.peer.write(HEADER.subarray(0, 12))
    await turns()
    clock.advance(51)
    expect(await refusedFor(slow.at)).toMatchObject({ reason: 'timedOut' })
  })

  it('bytes that are there already, and the end with them, are given back at the deadline [R4]', async () => {
    const { stage, clock } = await staging({ required: false, trusted: ['192.0.2.1'] })
    const wire = new Wire()
    wire.give('PROX')
    wire.fin()
    await turns()
    const outcomes: (Arrival | Error)[] = []
    const tell = (outcome: Arrival | Error): void => {
      outcomes.push(outcome)
    }
    stage({ duplex: wire, remote: client, milestones: [] }, tell, tell)
    await turns()
    clock.advance(5_001)
    await turns()
    const [arrival] = outcomes
    if (arrival === undefined || arrival instanceof Error) throw new Error('not handed on')
    expect(await rest(arrival)).toBe('PROX')
  })

  it('a header of a version that is not read is no header', async () => {
    const { arrive } = await staging({ required: false, versions: [2] })
    const { peer, at } = await arrive()
    peer.end('PROXY UNKNOWN\r\n')
    expect(await rest(await handedOn(at))).toBe('PROXY UNKNOWN\r\n')
  })
})
