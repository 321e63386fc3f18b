import { Session } from 'node:inspector'
import { setFlagsFromString } from 'node:v8'

interface Coverage {
  readonly url: string
  readonly functions: ReadonlyArray<{
    readonly functionName: string
    readonly ranges: ReadonlyArray<Range>
  }>
}

interface Range {
  readonly startOffset: number
  readonly endOffset: number
  readonly count: number
}

/** The sources that are watched: those of this package. */
const WATCHED = '/packages/protocol/src/'

/** A watch over what of this package's code runs, and how often, as V8 counts it: no clock, so no noise. */
export interface Watch {
  /** What ran since the last call: functions and blocks by their place, and how often each did. */
  readonly ran: () => ReadonlyMap<string, Ran>
  readonly stop: () => void
}

/** How often a block ran, and how often what it stands in did. */
export interface Ran {
  readonly count: number
  readonly around: number
}

export const watch = (): Watch => {
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const take = (): ReadonlyArray<Coverage> => {
    let taken: ReadonlyArray<Coverage> = []
    // to a session of one's own thread the answer comes before `post` returns
    session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error
      taken = result
    })
    return taken.filter(({ url }) => url.includes(WATCHED))
  }
  take()
  return {
    ran: () =>
      new Map(take().flatMap(({ url, functions }) => functions.flatMap(({ ranges }) => [...within(url, ranges)]))),
    stop: () => {
      session.post('Profiler.stopPreciseCoverage')
      session.disconnect()
    },
  }
}

/** The ranges of a function come outermost first. */
function* within(url: string, ranges: ReadonlyArray<Range>): Generator<readonly [string, Ran]> {
  const open: Range[] = []
  for (const range of ranges) {
    while ((open.at(-1)?.endOffset ?? Infinity) < range.endOffset) open.pop()
    const { startOffset, endOffset, count } = range
    if (count > 0)
      yield [`${url}:${String(startOffset)}-${String(endOffset)}`, { count, around: open.at(-1)?.count ?? 0 }]
    open.push(range)
  }
}

/** Runs it, and counts what it did: calls, rounds of loops, and bytes that built-ins went through. */
export const workOf = (run: () => void): number => {
  // optimised code does not count the calls of a function
  setFlagsFromString('--no-opt')
  const watching = watch()
  const counted = countBytes()
  try {
    run()
    const bytes = counted.bytes()
    // a block that runs oftener than what is around it is a loop; V8 joins the others with it as it pleases
    return [...watching.ran().values()].reduce((sum, { count, around }) => sum + (count > around ? count : 0), bytes)
  } finally {
    counted.restore()
    watching.stop()
    setFlagsFromString('--opt')
  }
}

type Method = (this: Uint8Array, ...args: readonly unknown[]) => unknown

/** Built-ins that go through as many bytes as they are given, or as they make. */
const LOOKING = [
  'indexOf',
  'lastIndexOf',
  'includes',
  'fill',
  'every',
  'some',
  'findIndex',
  'compare',
  'equals',
  'copy',
]
const MAKING = ['slice', 'map', 'toString', 'latin1Slice', 'utf8Slice']

/** Counts the bytes that built-ins of `Uint8Array` and `Buffer` go through, by standing before them. */
const countBytes = () => {
  let bytes = 0
  const undo: Array<() => void> = []
  const stand = (
    owner: object,
    name: string,
    cost: (self: Uint8Array, args: readonly unknown[], found: unknown) => number,
  ) => {
    const before: PropertyDescriptor | undefined = Object.getOwnPropertyDescriptor(owner, name)
    if (before === undefined || typeof before.value !== 'function') return
    const original = before.value as Method
    Object.defineProperty(owner, name, {
      ...before,
      value: function (this: Uint8Array, ...args: readonly unknown[]) {
        const result = original.apply(this, [...args])
        bytes += cost(this, args, result)
        return result
      },
    })
    undo.push(() => Object.defineProperty(owner, name, before))
  }
  const typed = Object.getPrototypeOf(Uint8Array.prototype) as object
  for (const owner of [typed, Buffer.prototype as object]) {
    for (const name of LOOKING) {
      stand(owner, name, (self, [, from], found) => {
        // a search goes no further than what it finds
        const end = name === 'indexOf' && typeof found === 'number' && found !== -1 ? found + 1 : self.length
        return Math.max(0, end - (typeof from === 'number' ? from : 0))
      })
    }
    for (const name of MAKING) {
      stand(owner, name, (self, [from = 0, to = self.length]) =>
        typeof from === 'number' && typeof to === 'number'
          ? Math.max(0, Math.min(to, self.length) - from)
          : self.length,
      )
    }
    stand(owner, 'set', (_, [source]) => (source as ArrayLike<number>).length)
  }
  stand(Buffer, 'concat', (_, [parts]) => (parts as Uint8Array[]).reduce((sum, part) => sum + part.length, 0))
  return { bytes: () => bytes, restore: () => undo.reverse().forEach((one) => one()) }
}
