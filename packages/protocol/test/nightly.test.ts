import { hostileBytes } from '@sluice/testing'
import { describe, expect, it, vi } from 'vitest'
import type { Decoder } from '../src/index.ts'
import { slip } from '../src/index.ts'
import { entry } from './catalogue/entry.ts'
import { slipEntry } from './catalogue/stuffed.ts'
import { PHASES } from './nightly/phases.ts'

const SCALE = { splits: 40, hostile: 40, corpus: 20, guided: 100, frameBytes: 2048, seed: 7 }

/** A framing that takes two zeros in one chunk for something else than two zeros in two. */
const forgetful = (): Decoder<Uint8Array> => {
  const inner = slip().decoder()
  return {
    get buffered() {
      return inner.buffered
    },
    push: (chunk, emit) =>
      inner.push(Buffer.from(chunk).includes('\0\0') ? chunk.map((byte) => byte ^ 1) : chunk, emit),
    end: (emit) => inner.end(emit),
    unread: () => inner.unread(),
  }
}

const broken = entry<object, Uint8Array, Uint8Array>({
  name: 'forgetful',
  about: '',
  options: {},
  build: () => ({ ...slip(), decoder: forgetful }),
  behaviour: () => ({ message: hostileBytes(8).map((bytes) => Buffer.concat([bytes, Uint8Array.of(0, 0)])) }),
})

describe('the nightly run', () => {
  it.each(PHASES)('has a phase `$name`, which says how many cases it tried', ({ run }) => {
    const log = vi.spyOn(console, 'log').mockReturnValue()
    expect(run(slipEntry, SCALE)).toBeGreaterThan(1)
    log.mockRestore()
  })

  it.each(PHASES.filter(({ name }) => name !== 'linearity'))(
    'finds in its phase `$name` what depends on cuts',
    ({ run }) => {
      expect(() => run(broken, { ...SCALE, hostile: 2000, guided: 2000 })).toThrow(/slip\(\)/)
    },
  )
})
