import type { LineEncoding, LineEnding, LinesOptions } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { Protocol } from '../src/protocol.ts'

/** Every option of `lines`, given. */
export type EveryOption = Required<LinesOptions>

export const ENDINGS = ['either', 'lf', 'crlf', 'strict'] as const satisfies ReadonlyArray<LineEnding>
export const ENCODINGS = ['utf8', 'latin1', 'ascii', 'bytes'] as const satisfies ReadonlyArray<LineEncoding>

/** Every combination of options, with limits small enough to be met often. */
export const optionSets = (endings: readonly [LineEnding, ...LineEnding[]] = ENDINGS): fc.Arbitrary<EveryOption> =>
  fc.record({
    ending: fc.constantFrom(...endings),
    encoding: fc.constantFrom(...ENCODINGS),
    invalidText: fc.constantFrom('fail', 'replace', 'skip', 'value'),
    tooLong: fc.constantFrom('fail', 'skip', 'value'),
    unterminated: fc.constantFrom('truncated', 'line'),
    maxFrameBytes: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 2, max: 24 }) }, fc.constant(65_536)),
  })

/** `lines` with options that are known only at run time. */
export const anyLines = (options: LinesOptions): Protocol<unknown, string | Uint8Array> => lines(options)

/** What the peer reads of a line, under those options. */
export const readBack =
  ({ invalidText, tooLong }: LinesOptions) =>
  (sent: unknown): unknown =>
    invalidText === 'value' || tooLong === 'value' ? E.right(sent) : sent

/** Whole and broken characters, endings and halves of them: most of what happens to lines. */
export const lineBytes = (maxLength = 40): fc.Arbitrary<Uint8Array> => {
  const piece = fc.constantFrom('0a', '0a', '0d0a', '0d', '61', '6162', 'c3a9', 'e282ac', 'f09f9880', '00')
  const broken = fc.constantFrom('c3', 'e282', '82', 'ff', 'eda080', 'f09f98', 'c080')
  return fc
    .array(fc.oneof({ weight: 12, arbitrary: piece }, { weight: 1, arbitrary: broken }), { maxLength, size: 'max' })
    .map((pieces) => Uint8Array.from(Buffer.from(pieces.join(''), 'hex')))
}
