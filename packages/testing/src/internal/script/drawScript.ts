import { isUtf8 } from 'node:buffer'
import type { Step } from '../../script.ts'
import type { Departure } from '../../departure.ts'

/** How many bytes of a long run are drawn, and how many of them before the one that matters. */
const [WINDOW, BEFORE] = [48, 16]

/** How bytes are drawn: as text, where all of them are, else in hexadecimal. */
type Notation = (bytes: Uint8Array) => string

const inText: Notation = (bytes) => JSON.stringify(Buffer.from(bytes).toString()).slice(1, -1)
const inHex: Notation = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')

/** What stands between two bytes. */
const SEPARATOR = new Map([[inHex, ' ']])

const notationOf = (...all: readonly Uint8Array[]): Notation => (all.every(isText) ? inText : inHex)

const isText = (bytes: Uint8Array): boolean => isUtf8(bytes) && !bytes.some((byte) => byte < 0x20 && !SPACE.has(byte))

const SPACE = new Set([0x09, 0x0a, 0x0d])

/** A script, what is done of it, and what came instead of the rest. */
export const drawScript = (steps: readonly Step[], at: number, departure: Departure): string => {
  const where = at === steps.length ? 'behind its last step' : `at step ${String(at + 1)} of ${String(steps.length)}`
  const lines = steps.map((step, i) => (i === at ? drawBroken(step, departure) : `${i < at ? '✓' : ' '} ${draw(step)}`))
  const behind = at === steps.length ? [`✗ ${drawGot(departure)}`] : []
  return [`the script was left ${where}`, '', ...lines, ...behind].join('\n')
}

const draw = (step: Step, notation?: Notation, from = 0): string => {
  switch (step._tag) {
    case 'Read':
    case 'Write':
      return `${step._tag.toLowerCase().padEnd(5)} ${drawBytes(step.bytes, notation ?? notationOf(step.bytes), from)}`
    case 'ReadEnd':
      return 'read  the end'
    case 'ReadReset':
      return 'read  a reset'
    case 'Wait':
      return `wait  ${String(step.ms)} ms`
    case 'Until':
      return `until ${step.what}`
    case 'End':
    case 'Reset':
      return step._tag.toLowerCase()
  }
}

const drawBroken = (step: Step, departure: Departure): string => {
  if (step._tag !== 'Read' || departure._tag !== 'Bytes') return `✗ ${draw(step)}\n  ${drawGot(departure)}`
  const { bytes, offset } = departure
  const notation = notationOf(step.bytes, bytes)
  const from = Math.max(step.bytes.length, bytes.length) <= WINDOW ? 0 : Math.max(0, offset - BEFORE)
  // up to the first byte that is wrong, and without the quote at the end
  const right = `${drawBytes(bytes.subarray(0, offset), notation, from)}${offset === from ? '' : (SEPARATOR.get(notation) ?? '')}`
  const caret = ' '.repeat(notation === inText ? right.length - 1 : right.length)
  return `✗ ${draw(step, notation, from)}\n  got   ${drawBytes(bytes, notation, from)}\n        ${caret}^`
}

const drawGot = (departure: Departure): string => {
  switch (departure._tag) {
    case 'Bytes':
      return `got   ${drawBytes(departure.bytes, notationOf(departure.bytes), 0)}`
    case 'End':
      return `got   ${drawBefore(departure.bytes)}the end`
    case 'Reset':
      return `got   ${drawBefore(departure.bytes)}a reset`
    case 'Nothing':
      return `got   ${drawBefore(departure.bytes)}nothing for ${String(departure.afterMs)} ms`
    case 'Stopped':
      return `got   ${drawBefore(departure.bytes)}nothing until the peer was closed`
    case 'Failed':
      return `got   ${String(departure.error)}`
  }
}

const drawBefore = (bytes: Uint8Array): string => {
  const from = bytes.length <= WINDOW ? 0 : bytes.length - BEFORE
  return bytes.length === 0 ? '' : `${drawBytes(bytes, notationOf(bytes), from)}, and then `
}

/** What stands from an offset on; the quotes say that it is text. */
const drawBytes = (bytes: Uint8Array, notation: Notation, from: number): string => {
  const [head, tail] = [from > 0 ? '…' : '', from + WINDOW < bytes.length ? '…' : '']
  const shown = `${head}${notation(bytes.subarray(from, from + WINDOW))}${tail}`
  return notation === inText ? `"${shown}"` : shown
}
