import { setImmediate as turn } from 'node:timers/promises'
import { lines } from '@sluice/protocol'
import { chunkings, drip, everyTwoWaySplit } from '@sluice/testing'
import fc from 'fast-check'
import { map, of, tap } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { serve } from '../src/index.ts'
import { everything, listening, peerOf } from './support/loopback.ts'
import { giveBack, nothingLeft } from './support/nothingLeft.ts'

nothingLeft()

const CASES = 1_000
const character = fc.constantFrom('a', 'b', ' ', '\t', 'é', 'ß', '€', '漢', '😀', '\u{10ffff}', '\u0000')
const line = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''))
const text = fc.array(line, { maxLength: 6 }).map((all) => ({ all, bytes: Buffer.from(all.map((one) => `${one}\n`).join('')) })) // prettier-ignore

/** A server that answers every line with itself, and keeps the lines it has seen. */
const echoing = async () => {
  const listener = await listening()
  const seen: string[] = []
  const echo = map((one: string) => one)
  of(listener).pipe(serve(lines(), (in$) => in$.pipe(tap((one) => seen.push(one)), echo))).subscribe() // prettier-ignore
  /** Sends the chunks one by one, each read on its own, and answers what comes back. */
  const send = async (chunks: readonly Uint8Array[]) => {
    seen.length = 0
    const peer = await peerOf(listener)
    const back = everything(peer)
    for (const chunk of chunks) {
      peer.write(chunk)
      await turn()
    }
    peer.end()
    return { back: await back, seen: [...seen] }
  }
  return { send }
}

describe('lines, over real sockets', () => {
  it('survive every chunking [R4][R5][R15]', async () => {
    const { send } = await echoing()
    const cut = text.chain(({ all, bytes }) => chunkings(bytes).map((chunks) => ({ all, bytes, chunks })))
    const property = fc.asyncProperty(cut, async ({ all, bytes, chunks }) => {
      expect(await send(chunks)).toEqual({ back: bytes.toString(), seen: all })
    })
    await fc.assert(property, { numRuns: CASES })
  })

  it('survive the one-byte chunking [R4][R5][R15]', async () => {
    const { send } = await echoing()
    const property = fc.asyncProperty(text, async ({ all, bytes }) => {
      expect(await send(drip(bytes))).toEqual({ back: bytes.toString(), seen: all })
    })
    await fc.assert(property, { numRuns: CASES })
  })

  it('keep a character cut in two whole, wherever it is cut [R5]', async () => {
    const { send } = await echoing()
    const wide = fc.array(fc.constantFrom('é', '€', '😀', 'a'), { minLength: 1, maxLength: 3 })
    const split = wide.chain((characters) => {
      const splits = everyTwoWaySplit(Buffer.from(`${characters.join('')}\n`))
      return fc.constantFrom(...splits).map((chunks) => ({ word: characters.join(''), chunks }))
    })
    const property = fc.asyncProperty(split, async ({ word, chunks }) => {
      expect(await send(chunks)).toEqual({ back: `${word}\n`, seen: [word] })
    })
    await fc.assert(property, { numRuns: CASES })
    giveBack()
  })
})
