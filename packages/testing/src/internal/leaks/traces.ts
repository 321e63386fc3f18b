import { createHook } from 'node:async_hooks'
import { fileURLToPath } from 'node:url'

/** Remembers what is made that keeps a process running, and where, while it lives. */
export interface Traces {
  /** How many of this kind live that were made since, and where they were made, as far as a program made them. */
  readonly of: (kind: string) => { readonly count: number; readonly madeAt: readonly string[] }
  readonly stop: () => void
}

/** Node has two names for most things: what is active, and what its hooks are told of. */
const typeOf = (kind: string): string => (kind === 'TCPSocketWrap' ? 'TCPWRAP' : kind.toUpperCase())

interface Living {
  readonly type: string
  readonly resource: WeakRef<object>
  readonly at: string
}

/** Traces of these kinds, from now on. */
export const traces = (kinds: readonly string[]): Traces => {
  const types = new Set(kinds.map(typeOf))
  const living = new Map<number, Living>()
  const hook = createHook({
    init: (id, name, _, resource) => {
      const type = name.toUpperCase()
      if (types.has(type)) living.set(id, { type, resource: new WeakRef(resource), at: here() })
    },
    destroy: (id) => {
      living.delete(id)
    },
  })
  hook.enable()
  return {
    of: (kind) => {
      const them = [...living.values()].filter(({ type, resource }) => type === typeOf(kind) && keeps(resource))
      return { count: them.length, madeAt: them.map(({ at }) => at).filter((at) => at !== '') }
    },
    stop: () => {
      hook.disable()
      living.clear()
    },
  }
}

/** Whether it keeps the process running: not what was `unref`ed, and nothing that is not there any more. */
const keeps = (resource: WeakRef<object>): boolean => {
  const there = resource.deref()
  const hasRef: unknown = there === undefined ? undefined : Reflect.get(there, 'hasRef')
  return there !== undefined && (typeof hasRef !== 'function' || Reflect.apply(hasRef, there, []) === true)
}

const FRAMES = 4
const OWN = fileURLToPath(import.meta.url)

/** The nearest frames of the stack that are neither Node's nor a package's; where there is none, the nearest of all. */
const here = (): string => {
  const depth = Error.stackTraceLimit
  Error.stackTraceLimit = 30
  const stack = new Error().stack ?? ''
  Error.stackTraceLimit = depth
  const frames = stack
    .split('\n')
    .slice(1)
    .map((frame) => frame.trim())
    .filter((frame) => !frame.includes('node:') && !frame.includes(OWN))
  const theirs = frames.filter((frame) => !frame.includes('node_modules'))
  return (theirs.length === 0 ? frames : theirs).slice(0, FRAMES).join('\n')
}
