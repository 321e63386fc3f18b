import { PassThrough, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { lastValueFrom } from 'rxjs'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../src/index.ts'
import { fromReadable, iterate, toWeb, toWritable, writeAll, writeTo } from '../src/index.ts'
import type { Transfer } from './support/bridging.ts'
import { duplexOf, endsOf, gathered, pause, pieces, transfer, whole } from './support/bridging.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

/** Sends all of a transfer, and ends our side. */
type Send = (connection: Connection, plan: Transfer) => Promise<unknown>

const WAYS_IN: Readonly<Record<string, Send>> = {
  writeAll: (connection, plan) => lastValueFrom(writeAll(connection, pieces(plan))),
  'fromReadable of an async iterable': (connection, plan) =>
    lastValueFrom(fromReadable(pieces(plan)).pipe(writeTo(connection)), { defaultValue: null }),
  'fromReadable of a stream': (connection, plan) => {
    const through = new PassThrough()
    const written = lastValueFrom(fromReadable(through).pipe(writeTo(connection)), { defaultValue: null })
    return Promise.all([pipeline(pieces(plan), through), written])
  },
  'fromReadable of a web stream': (connection, plan) => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    const written = lastValueFrom(fromReadable(readable).pipe(writeTo(connection)), { defaultValue: null })
    return Promise.all([toWebStream(plan, writable), written])
  },
  toDuplex: (connection, plan) => pipeline(pieces(plan), duplexOf(connection)),
  toWeb: (connection, plan) => toWebStream(plan, toWeb(connection).writable),
}

const toWebStream = async (plan: Transfer, writable: WritableStream<Uint8Array>): Promise<void> => {
  const writer = writable.getWriter()
  for await (const piece of pieces(plan)) await writer.write(piece)
  await writer.close()
}

/** Receives all until the other side ends. */
type Receive = (connection: Connection, turns: number) => Promise<Buffer>

const WAYS_OUT: Readonly<Record<string, Receive>> = {
  iterate: (connection, turns) => gathered(iterate(connection.data$), turns),
  toWritable: async (connection, turns) => {
    const parts: Buffer[] = []
    const slow = new Writable({
      highWaterMark: 1_000,
      write: (chunk: Buffer, _encoding, done) => {
        parts.push(chunk)
        void pause(turns).then(() => {
          done()
        })
      },
    })
    await lastValueFrom(connection.data$.pipe(toWritable(slow)), { defaultValue: null })
    return Buffer.concat(parts)
  },
  toDuplex: (connection, turns) => gathered(duplexOf(connection), turns),
  toWeb: (connection, turns) => gathered(toWeb(connection).readable, turns),
}

const together = async (send: Send, receive: Receive, runs: number): Promise<void> => {
  const property = fc.asyncProperty(transfer, async (plan) => {
    const { near, far } = await endsOf(plan)
    const received = receive(far, plan.readerTurns)
    await send(near, plan)
    expect((await received).equals(whole(plan))).toBe(true)
    giveBack()
  })
  await fc.assert(property, { numRuns: runs })
}

describe('bytes are the same at the other end, however they are cut and however fast each side is', () => {
  it.each(Object.entries(WAYS_IN))('sent by %s [R4][R6]', async (_, send) => {
    await together(send, WAYS_OUT['iterate'] as Receive, 60)
  })

  it.each(Object.entries(WAYS_OUT))('received by %s [R3][R4]', async (_, receive) => {
    await together(WAYS_IN['writeAll'] as Send, receive, 60)
  })
})
