// Which tests are asked about which sources: a mutant of the line framing needs no test of COBS. `framings` are those
// of the catalogue whose laws are asked as well. Every source is in one group; .ci/mutation.mjs makes sure.
const framing = (...names) => names.map((name) => `framing/${name}`)
const internal = (...names) => names.map((name) => `internal/${name}`)

export const GROUPS = {
  bytes: {
    mutate: ['byteQueue', 'errors', 'wholeNumber', ...internal('excerpt', 'show', 'uint')],
    tests: ['byteQueue', 'errors', 'internals', 'lengthPrefixed', 'framed', 'countedAfterLine'],
    framings: ['lengthPrefixed'],
  },
  engine: {
    mutate: [
      ...framing('framing', 'step', 'framed', 'readers'),
      ...internal('stepDecoder', 'window', 'parseDecoder', 'framedParse', 'options', 'refusal', 'tooLong'),
    ],
    tests: [
      'framing.test',
      'framing.drip',
      'framing.refuse',
      'engine',
      'chunked',
      'framed',
      'lines.test',
      'lengthPrefixed.test',
      'countedAfterLine',
      'nested',
    ],
    framings: ['framing', 'framed', 'countedAfterLine'],
  },
  lines: {
    mutate: [...framing('lines'), ...internal('fastLines', 'lineEncoder', 'lineRules', 'lineStep')],
    tests: ['lines'],
    framings: ['lines'],
  },
  delimited: {
    mutate: [
      ...framing('delimited'),
      ...internal('delimitedFrames', 'delimiters', 'dotMarking', 'escapeMarking', 'marking', 'plainMarking'),
    ],
    tests: ['delimited'],
    framings: ['delimited'],
  },
  lengths: {
    mutate: [
      ...framing('lengthPrefixed', 'fixedLength'),
      ...internal('fastLengths', 'lengthEncoder', 'lengthKind', 'lengthRules', 'lengthStep'),
    ],
    tests: ['lengthPrefixed', 'fixedLength'],
    framings: ['lengthPrefixed', 'fixedLength'],
  },
  prefixes: {
    mutate: [
      ...framing('varintPrefixed', 'berPrefixed', 'decimalPrefixed'),
      ...internal('varint', 'ber', 'digits', 'prefixed', 'headerOptions'),
    ],
    tests: ['varintPrefixed', 'berPrefixed', 'decimalPrefixed'],
    framings: ['varintPrefixed', 'berPrefixed', 'decimalPrefixed'],
  },
  stuffed: {
    mutate: [...framing('cobs', 'slip', 'bytes'), ...internal('cobs', 'slip')],
    tests: ['cobs', 'slip', 'bytes'],
    framings: ['cobs', 'slip', 'bytes'],
  },
  headers: {
    mutate: [
      ...framing('headerFramed', 'chunked', 'chunks', 'countedAfterLine'),
      ...internal('headerStep', 'fields', 'chunkParse', 'chunkText'),
    ],
    tests: ['headerFramed', 'chunked', 'countedAfterLine'],
    framings: ['headerFramed', 'chunked', 'chunks', 'countedAfterLine'],
  },
  nested: {
    mutate: [...framing('nested', 'element'), ...internal('nestedParse')],
    tests: ['nested'],
    framings: ['nested'],
  },
  combinators: {
    mutate: [
      ...framing('firstByte', 'prefixed', 'either', 'andThen', 'attempt', 'skipping', 'copied', 'limited'),
      ...internal('chosenDecoder', 'firstByteParse', 'eitherDecoder', 'eitherParse', 'thenDecoder', 'forwarding'),
      ...internal('limitedDecoder', 'shifted', 'turn'),
    ],
    tests: ['firstByte', 'prefixed', 'either', 'andThen', 'attempt', 'copied', 'limited', 'combinators'],
    framings: [],
  },
}

/** Sources with nothing to mutate: types, and lists of exports. */
export const NOTHING = [
  'byteWriter',
  'protocol',
  'index',
  'framing/among',
  'framing/delimitedOptions',
  'framing/headerFrame',
  'framing/lengthOptions',
  'framing/lineOptions',
]
