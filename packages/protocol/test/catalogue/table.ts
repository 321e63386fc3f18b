import fc from 'fast-check'
import { show } from '../../src/internal/show.ts'
import { COMBINATORS } from './combinators.ts'
import type { Entry, OptionRow } from './entry.ts'
import { REQUIRED } from './entry.ts'
import { CATALOGUE } from './index.ts'
import type { LawKey } from './lawKeys.ts'
import { LAWS } from './lawKeys.ts'
import { lawNames } from './laws.ts'
import { PEERS } from './peers/index.ts'

/** The generated part of docs/framings.md: laws, options and defaults as they are run, and the peers. */
export const framingsTables = (): string =>
  ['## Laws', lawTable(), '## Options', optionTable(), '## Elsewhere', ELSEWHERE, ...ALL.flatMap(peerTable)].join(
    '\n\n',
  )

const ELSEWHERE =
  'Each sentence is a fact of the files it names, read at the commit in the link; of the page of Erlang a stored copy ' +
  'was read. What is called dropped or not told is read from the absence of any such code in those files. A framing ' +
  'that is missing in a table has nothing of its kind in that library, as far as we looked.'

const ALL: ReadonlyArray<Entry> = [...CATALOGUE, ...COMBINATORS]

const KEYS = Object.keys(LAWS) as LawKey[]

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n')

const escaped = (cell: string): string => cell.replaceAll('|', '\\|')

const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)

/** `✓`: under every set of options. `part`: under some. `–`: under none. Both with a number for the reason. */
const lawTable = (): string => {
  const notes: string[] = []
  const cell = (entry: Entry, key: LawKey): string => {
    const reason = entry.exempt[key]
    const asked = lawNames(entry).includes(LAWS[key])
    if (reason === undefined) return asked ? '✓' : '?'
    const note = `${entry.name}: ${reason}`
    if (!notes.includes(note)) notes.push(note)
    return `${asked ? 'part' : '–'} (${String(notes.indexOf(note) + 1)})`
  }
  const rows = ALL.map((entry) => [
    `[${entry.name}](#${entry.name.toLowerCase()})`,
    ...KEYS.map((key) => cell(entry, key)),
    linear(entry),
  ])
  const legend = KEYS.map((key) => `- **${headOf(key)}** ${LAWS[key].replace(/ \[R\d+\]$/, '')}`)
  legend.push('- **lin** doubling a dripped frame costs less than 2.3 times the work (R18)')
  return [
    table(['framing', ...KEYS.map(headOf), 'lin'], rows),
    legend.join('\n'),
    notes.map((note, i) => `${String(i + 1)}. ${note}`).join('\n'),
  ].join('\n\n')
}

const linear = (entry: Entry): string => (entry.plain.laws.sized === undefined ? '–' : '✓')

const ruleOf = (key: LawKey): string => /\[(R\d+)\]/.exec(LAWS[key])?.[1] ?? ''

/** Two laws of R4: the second is told apart. */
const headOf = (key: LawKey): string => (key === 'unreadBytes' ? 'R4 unread' : ruleOf(key))

const optionTable = (): string =>
  table(
    ['framing', 'option', 'default', 'laws run with'],
    ALL.flatMap((entry) =>
      Object.entries(entry.options).map(([option, row]) => [entry.name, code(option), byDefault(row), tried(row)]),
    ),
  )

const byDefault = ({ default: given, says }: OptionRow<unknown>): string => {
  if (says !== undefined) return says
  if (given === REQUIRED) return 'required'
  return given === undefined ? 'none' : value(given)
}

const value = (given: unknown): string =>
  typeof given === 'number'
    ? given.toLocaleString('en-US')
    : code(show(given instanceof Uint8Array ? [...given] : given))

/** The values an arbitrary gives, each if they are few. */
const tried = ({ drawn }: OptionRow<unknown>): string => {
  const values = [...new Map(fc.sample(drawn, { numRuns: 500, seed: 1 }).map((one) => [show(one), one])).values()]
  const numbers = values.filter((one) => typeof one === 'number').sort((a, b) => a - b)
  if (numbers.length === values.length && numbers.length > 6) {
    const [least = 0, most = 0, next = 0] = [numbers[0], numbers.at(-1), numbers.at(-2)]
    return most - next > 1 ? `${value(least)} to ${value(next)}, ${value(most)}` : `${value(least)} to ${value(most)}`
  }
  const sorted = numbers.length === values.length ? numbers : values
  return sorted.length > 8 ? `${String(sorted.length)} values` : sorted.map(value).sort(byText).join(', ')
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Our framing and its like, one below the other. */
const peerTable = (entry: Entry): ReadonlyArray<string> => {
  const peers = PEERS.flatMap(({ library, rows }) =>
    rows.filter((row) => row.framing === entry.name).map((row) => ({ library, ...row })),
  )
  const defaults = Object.entries(entry.options).map(([option, row]) => `${code(option)} = ${byDefault(row)}`)
  const own = [
    '**Sluice**',
    code(entry.name),
    defaults.join('; ') || 'none',
    limitOf(entry),
    finOf(entry),
    'what its decoder would not read back, and what is over the limit',
    entry.source ?? '',
  ]
  const others = peers.map(({ library, name, options, limit, fin, encoder, sources }) => [
    library,
    name === null ? 'none' : code(name),
    options.join('; '),
    limit,
    fin,
    encoder,
    sources.map(({ title, url }) => `[${title}](${url})`).join(', '),
  ])
  const head = ['', 'name', 'options and defaults', 'limit', 'FIN inside a frame', 'encoder refuses', 'source']
  return [
    `### ${entry.name}`,
    `${entry.about[0]?.toUpperCase() ?? ''}${entry.about.slice(1)}.`,
    table(head, [own, ...others]),
  ]
}

const limitOf = ({ options, exempt }: Entry): string => {
  const limit = options['maxFrameBytes']
  return limit === undefined
    ? (exempt.limits ?? 'none')
    : `${byDefault(limit)}; counts the whole frame on the wire; over it: \`TooLong\``
}

const finOf = ({ exempt }: Entry): string =>
  ['`Truncated`', ...(exempt.truncation === undefined ? [] : [exempt.truncation])].join('; ')
