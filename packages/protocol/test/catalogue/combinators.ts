import { hostileBytes } from '@sluice/testing'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import type { FirstByteOptions, HeaderFrame, Protocol } from '../../src/index.ts'
import {
  andThen,
  attempt,
  copied,
  decimalPrefixed,
  either,
  firstByte,
  headerFramed,
  lengthPrefixed,
  limited,
  lines,
  prefixed,
  skipping,
} from '../../src/index.ts'
import type { LawKey } from './lawKeys.ts'
import type { Behaviour, Entry, Exemptions } from './entry.ts'
import { entry, oneOf, record } from './entry.ts'

const text = fc.string({ unit: fc.constantFrom('a', '<', 'é', ' '), maxLength: 6 })
const payload = hostileBytes(8)
const textBytes = (...parts: readonly string[]) =>
  fc.array(oneOf(...parts), { maxLength: 12 }).map((all) => Uint8Array.from(Buffer.from(all.join(''), 'latin1')))

const OWN = 'the limits are those of its parts, each tested on its own'
const AS_SENT = 'what may be sent depends on what was sent before: tested with whole streams'

const TELLING: readonly LawKey[] = ['roundTrip', 'truncation', 'unreadBytes']

/** One that has no options, or none that change what the laws ask. */
const plain = <In, Out>(
  name: string,
  about: string,
  build: () => Protocol<In, Out>,
  behaviour: Behaviour<In, Out>,
  exempt: Exemptions = {},
): Entry =>
  entry<object, In, Out>({
    name,
    about,
    options: {},
    build,
    behaviour: () => behaviour,
    exempt: { limits: OWN, ...exempt },
  })

type Per = Pick<FirstByteOptions<Record<string, never>>, 'per'>
const per = { default: 'connection', drawn: oneOf('connection', 'message') } as const

const syslog = (options: Per) =>
  firstByte({
    among: { counted: decimalPrefixed({ separator: ' ', terminator: '' }), lines: lines() },
    choose: (byte) => (byte >= 0x30 && byte <= 0x39 ? 'counted' : byte === 0x3c ? 'lines' : null),
    ...options,
  })

type Syslog =
  { readonly _tag: 'counted'; readonly message: Uint8Array } | { readonly _tag: 'lines'; readonly message: string }
const counted: fc.Arbitrary<Syslog> = record({ _tag: fc.constant('counted' as const), message: payload })
const line: fc.Arbitrary<Syslog> = record({
  _tag: fc.constant('lines' as const),
  message: text.map((one) => `<${one}`),
})

const firstByteEntry = entry<Per, Syslog, Syslog>({
  name: 'firstByte',
  about: 'one of several framings, as the first byte says',
  options: { per },
  build: (options) => syslog(options),
  behaviour: (options) => ({
    message: fc.oneof(counted, line),
    hostile: textBytes('<', '1', '3 ', 'a', '\n', '<a\n', '2 ab'),
    except: options.per === 'message' ? [] : TELLING,
  }),
  exempt: { limits: OWN, roundTrip: AS_SENT, truncation: AS_SENT, unreadBytes: AS_SENT },
})

type Framed = E.Either<HeaderFrame, string>
const framedOrLine: fc.Arbitrary<Framed> = fc.oneof(
  payload.map((body) => E.left({ headers: [], body })),
  // what begins as a header block does waits for the rest of it
  fc.string({ unit: fc.constantFrom('a', 'C', ':', ' '), maxLength: 6 }).map((one) => E.right(one)),
)

const eitherEntry = entry<Per, Framed, Framed>({
  name: 'either',
  about: 'the first of two framings that can read what comes',
  options: { per },
  build: (options) => either(headerFramed({ maxHeaderBytes: 64 }), lines(), options),
  behaviour: (options) => ({
    message: framedOrLine,
    hostile: textBytes('a', '\n', '\r\n', 'Content-Length: 1\r\n\r\na', 'Content-', ': 1\r\n'),
    except: options.per === 'message' ? [] : TELLING,
  }),
  exempt: { limits: OWN, roundTrip: AS_SENT, truncation: AS_SENT, unreadBytes: AS_SENT },
})

/** What is built of other framings. Its laws are run by the test of each, over pairs of framings drawn at random. */
export const COMBINATORS: ReadonlyArray<Entry> = [
  firstByteEntry,
  plain('prefixed', 'each frame behind one of another framing', () => prefixed(lines(), lengthPrefixed({ width: 2 })), {
    message: fc.tuple(text, payload),
    hostile: textBytes('a\n', '\0', '\0\x01x', 'é'),
  }),
  eitherEntry,
  plain(
    'andThen',
    'one frame of a framing, then another for ever',
    () => andThen(lines(), lengthPrefixed({ width: 2 })),
    {
      message: fc.oneof(text.map(E.left), payload.map(E.right)),
      hostile: textBytes('a\n', '\0', '\0\x01x', 'é'),
      except: TELLING,
    },
    { roundTrip: AS_SENT, truncation: AS_SENT, unreadBytes: AS_SENT },
  ),
  plain(
    'attempt',
    'errors as values',
    () => attempt(lines()),
    {
      message: text,
      read: (sent: string) => E.right(sent),
      truncates: false,
      hostile: textBytes('a', '\n', 'é', 'é\n'),
    },
    { truncation: 'a FIN inside a frame is a value as well' },
  ),
  plain(
    'skipping',
    'bad frames dropped and told',
    () => skipping(lines({ invalidText: 'value' }), { onSkipped: () => undefined }),
    {
      message: text,
      hostile: textBytes('a', '\n', 'é', 'é\n'),
    },
  ),
  plain('copied', 'frames that own their bytes', () => copied(lengthPrefixed({ width: 2 })), { message: payload }),
  plain('limited', 'so many frames at most', () => limited(lines(), { framesPerSecond: 8, now: () => 0 }), {
    message: text,
    hostile: textBytes('\n', '\n', 'a', 'a\n'),
  }),
]
