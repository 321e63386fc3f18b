import { framedEntry, nestedEntry } from './built.ts'
import { chunkedEntry, chunksEntry } from './chunked.ts'
import { delimitedEntry } from './delimited.ts'
import type { Entry } from './entry.ts'
import { bytesEntry, fixedLengthEntry } from './fixed.ts'
import { framingEntry } from './framing.ts'
import { countedEntry, headerFramedEntry } from './headers.ts'
import { lengthPrefixedEntry } from './lengthPrefixed.ts'
import { linesEntry } from './lines.ts'
import { berEntry, decimalEntry, varintEntry } from './prefixed.ts'
import { cobsEntry, slipEntry } from './stuffed.ts'

/** Every framing that is built of no other, once: what the laws go through. */
export const CATALOGUE: ReadonlyArray<Entry> = [
  linesEntry,
  delimitedEntry,
  fixedLengthEntry,
  lengthPrefixedEntry,
  varintEntry,
  berEntry,
  decimalEntry,
  cobsEntry,
  slipEntry,
  headerFramedEntry,
  countedEntry,
  chunkedEntry,
  chunksEntry,
  nestedEntry,
  framingEntry,
  framedEntry,
  bytesEntry,
]
