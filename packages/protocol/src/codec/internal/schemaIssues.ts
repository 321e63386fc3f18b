import type { IssueInfo } from '../invalid.ts'
import { Invalid } from '../invalid.ts'
import type { IoTsContext, IoTsError, StandardIssue } from '../schema.ts'
import { brief } from './brief.ts'
import { reasonOf } from './reason.ts'

/** More than an error keeps: the others are only counted. */
const LOOKED_AT = 16

const invalidOf = <I>(
  codec: string,
  frame: unknown,
  found: ReadonlyArray<I>,
  issue: (one: I) => IssueInfo,
): Invalid => {
  const issues = found.slice(0, LOOKED_AT).map(issue)
  return new Invalid({ codec, issues, more: found.length - issues.length, frame })
}

/** What a Standard Schema found. */
export const standardInvalid = (codec: string, value: unknown, found: ReadonlyArray<StandardIssue>): Invalid =>
  invalidOf(codec, value, found, (issue) => {
    // a path may be of an array type of the library's own
    const path = Array.from(issue.path ?? [], (key) => (typeof key === 'object' ? key.key : key))
    // beyond the specification, but zod, valibot and arktype say it
    const expected: unknown = 'expected' in issue ? issue.expected : undefined
    return {
      path,
      expected: typeof expected === 'string' ? expected : issue.message,
      got: brief(valueAt(value, path)),
      message: issue.message,
    }
  })

/** What a type of io-ts found. */
export const ioTsInvalid = (codec: string, value: unknown, found: ReadonlyArray<IoTsError>): Invalid =>
  invalidOf(codec, value, found, ({ context, value: got, message }) => ({
    path: context.flatMap((one, i) => keyIn(context[i - 1], one)),
    expected: context.at(-1)?.type.name ?? codec,
    got: brief(got),
    message,
  }))

/** What was thrown by a schema, or by a function inside of it. */
export const thrownInvalid = (codec: string, frame: unknown, cause: unknown): Invalid => {
  const issue = { path: [], expected: codec, got: brief(frame), message: reasonOf(cause) }
  return new Invalid({ codec, issues: [issue], frame, cause })
}

/** What is said of a schema that takes time, where there is none. */
export const pendingInvalid = (codec: string, frame: unknown): Invalid => {
  const issue = {
    path: [],
    expected: 'a schema that answers at once',
    got: 'a promise',
    // of what a function inside of it throws, zod makes a promise as well
    message: 'the schema is asynchronous, or throws: see typedAsync()',
  }
  return new Invalid({ codec, issues: [issue], frame, fault: 'local' })
}

/** Members of a union or an intersection are numbered; that is no key of the value. */
const keyIn = (parent: IoTsContext | undefined, { key }: IoTsContext): ReadonlyArray<PropertyKey> => {
  if (parent === undefined) return []
  const kind = parent.type._tag
  if (kind === 'UnionType' || kind === 'IntersectionType') return []
  return [Array.isArray(parent.actual) && /^\d+$/.test(key) ? Number(key) : key]
}

const valueAt = (value: unknown, path: ReadonlyArray<PropertyKey>): unknown => {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined
    at = (at as Readonly<Record<PropertyKey, unknown>>)[key]
  }
  return at
}
