// Binary codecs against DataView code by hand and the most used packages, JSON lines likewise. See README.md.
//   node bench/codecs/main.mjs [--rounds 5]
import { start } from '../internal/children.mjs'
import { conclude, option, table } from '../internal/report.mjs'
import { READERS } from './jsonLines.mjs'
import { WAYS } from './packet.mjs'

const ROUNDS = option('rounds', 5)

/** @param {string} what @param {string} name */
const once = async (what, name) => {
  const child = start(new URL('one.mjs', import.meta.url).href, { args: [what, name] })
  const { ns } = await child.hear('measured')
  return ns
}

/**
 * The contenders, in turn, so that what disturbs one disturbs all; the best of the rounds, for it only ever makes
 * slower.
 *
 * @param {string} what @param {readonly string[]} names
 * @returns {Promise<Record<string, number>>}
 */
const measure = async (what, names) => {
  /** @type {Record<string, number[]>} */
  const all = {}
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) {
      console.error(`${what}, ${name} …`)
      const ns = await once(what, name)
      if (ns !== null) all[name] = [...(all[name] ?? []), ns]
    }
  }
  return Object.fromEntries(Object.entries(all).map(([name, values]) => [name, Math.min(...values)]))
}

const decode = await measure('decode', Object.keys(WAYS))
const encode = await measure('encode', Object.keys(WAYS))
const lines = await measure('lines', Object.keys(READERS))

const round = (/** @type {number} */ value) => Math.round(value * 100) / 100
const HAND = 'DataView by hand'
const ratio = (/** @type {Record<string, number>} */ all, /** @type {string} */ name, /** @type {string} */ to) =>
  round((all[name] ?? NaN) / (all[to] ?? NaN))

const rows = [
  ...Object.keys(WAYS).map((name) => ({
    'ns an operation': name,
    decode: decode[name] === undefined ? 'none' : Math.round(decode[name]),
    'to hand': decode[name] === undefined ? '' : ratio(decode, name, HAND),
    encode: encode[name] === undefined ? 'none' : Math.round(encode[name]),
    'to hand ': encode[name] === undefined ? '' : ratio(encode, name, HAND),
  })),
]
console.log(`\n${table(rows)}\n`)
console.log(table(Object.entries(lines).map(([name, ns]) => ({ 'ns a line': name, decode: Math.round(ns) }))))

const check = (/** @type {string} */ name, /** @type {number} */ value, /** @type {number} */ most) => ({
  name,
  value,
  bound: `at most ${most}`,
  holds: value <= most,
})
const SLUICE = 'Sluice'
const LINES = 'Sluice jsonLines()'
conclude(
  'codecs',
  [
    check('decode, to DataView by hand', ratio(decode, SLUICE, HAND), 2),
    check('decode among 20 others, to DataView by hand', ratio(decode, 'Sluice, among 20 others', HAND), 2),
    check('decode, to binary-parser', ratio(decode, SLUICE, 'binary-parser'), 1),
    check('decode, to restructure', ratio(decode, SLUICE, 'restructure'), 1),
    check('encode, to DataView by hand', ratio(encode, SLUICE, HAND), 2),
    check('encode among 20 others, to DataView by hand', ratio(encode, 'Sluice, among 20 others', HAND), 2),
    check('encode, to restructure', ratio(encode, SLUICE, 'restructure'), 1),
    check('JSON lines, to ndjson', ratio(lines, LINES, 'ndjson'), 1),
    check('JSON lines, to split2 and JSON.parse', ratio(lines, LINES, 'split2 and JSON.parse'), 1),
  ],
  { decode, encode, lines },
)
