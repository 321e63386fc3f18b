import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { Readable, Writable } from 'node:stream'
import { Duplex, PassThrough } from 'node:stream'
import fc from 'fast-check'
import type { Connection, ConnectionOptions, ListenOptions, ToDuplexOptions } from '../../src/index.ts'
import { fromDuplex, toDuplex } from '../../src/index.ts'
import { firstValueFrom } from 'rxjs'
import { connected, listening, portOf } from './loopback.ts'
import { afterwards } from './nothingLeft.ts'

/** Two ends, both of ours. */
export interface Ends {
  readonly near: Connection
  readonly far: Connection
}

/** Over real sockets. */
export const socketEnds = async (options: ListenOptions = {}): Promise<Ends> => {
  const listener = await listening(options)
  const near = connected({ port: portOf(listener) })
  return { far: await firstValueFrom(listener.connections$), near: await near }
}

/** Over two pipes in memory, lifted with `fromDuplex`. */
export const memoryEnds = (options: ConnectionOptions = {}): Ends => {
  const [there, back] = [new PassThrough(), new PassThrough()]
  const near = fromDuplex(Duplex.from({ writable: there, readable: back }), options)
  const far = fromDuplex(Duplex.from({ writable: back, readable: there }), options)
  afterwards(() => {
    near.abort()
    far.abort()
  })
  return { near, far }
}

/** Bytes of which each tells its place. */
export const pattern = (length: number): Buffer => Buffer.from(Uint8Array.from({ length }, (_, i) => i % 251))

/** What is sent, in which pieces, and how fast each side is: so many turns of the loop for each piece. */
export interface Transfer {
  readonly sizes: readonly number[]
  readonly writerTurns: number
  readonly readerTurns: number
  readonly memory: boolean
}

export const transfer: fc.Arbitrary<Transfer> = fc.record({
  sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 120_000 })), { maxLength: 30 }),
  writerTurns: fc.nat({ max: 2 }),
  readerTurns: fc.nat({ max: 2 }),
  memory: fc.boolean(),
})

export const endsOf = ({ memory }: Transfer): Promise<Ends> | Ends => (memory ? memoryEnds() : socketEnds())

export const pause = async (turns: number): Promise<void> => {
  for (let i = 0; i < turns; i++) await turn()
}

/** The pieces of a transfer, at the pace of its writer. */
export const pieces = async function* ({ sizes, writerTurns }: Transfer): AsyncGenerator<Buffer> {
  const all = pattern(sizes.reduce((sum, size) => sum + size, 0))
  let from = 0
  for (const size of sizes) {
    yield all.subarray(from, (from += size))
    await pause(writerTurns)
  }
}

export const whole = ({ sizes }: Transfer): Buffer => pattern(sizes.reduce((sum, size) => sum + size, 0))

/** All that is iterated, at the pace of the reader. */
export const gathered = async (chunks: AsyncIterable<Uint8Array>, turns: number): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) {
    parts.push(chunk)
    await pause(turns)
  }
  return Buffer.concat(parts)
}

/** A connection as a stream of Node's whose end, whatever it is, is for nobody. */
export const duplexOf = (connection: Connection, options: ToDuplexOptions = {}): Duplex =>
  toDuplex(connection, options).on('error', () => undefined)

/** What a stream gives until its end. Not by `for await`, which destroys what still writes. */
export const allOf = (stream: Readable): Promise<string> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.once('end', () => {
      resolve(Buffer.concat(chunks).toString())
    })
    stream.once('close', () => {
      reject(new Error('closed before its end'))
    })
  })

/** When a stream is closed, well or not. */
export const gone = async (stream: Readable | Writable): Promise<void> => {
  // Node says `closed` before it tells so
  if (stream.closed) await pause(2)
  else await new Promise<void>((resolve) => stream.once('close', resolve))
}

/** The path of a file in a folder of its own. */
export const filePath = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
  afterwards(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return join(folder, 'file')
}
