import * as E from 'fp-ts/lib/Either.js'
import { WrongOption } from '../../errors.ts'
import type { Invalid } from '../invalid.ts'
import type { IoTsType, Schema, StandardResult, StandardSchema } from '../schema.ts'
import { ioTsInvalid, standardInvalid, thrownInvalid } from './schemaIssues.ts'

/** A schema of any kind, asked one way. Nothing here throws. */
export interface Judge {
  /** What errors call it. */
  readonly name: string
  /** What a value is as one of the schema; later, where the schema takes time. */
  readonly read: (value: unknown) => Verdict | Promise<Verdict>
  /** Whether a value may be sent. */
  readonly check: (value: unknown) => Verdict | Promise<Verdict>
  /** What is sent of it. */
  readonly sent: (value: unknown) => Verdict
}

/** The value, or what is wrong. */
export type Verdict = E.Either<Invalid, unknown>

/** Asks a schema, whichever it is. Throws `WrongOption` for what is none. */
export const judgeOf = (where: string, schema: Schema, name: string | undefined): Judge => {
  if (isStandard(schema)) return standard(schema, name ?? schema['~standard'].vendor)
  if (isIoTs(schema)) return ioTs(schema, name ?? schema.name)
  throw new WrongOption(where, 'schema', schema, 'a Standard Schema, or a type of io-ts')
}

/** Some libraries' schemas are functions. */
const isThing = (schema: unknown): schema is object =>
  (typeof schema === 'object' && schema !== null) || typeof schema === 'function'

const isStandard = (schema: Schema): schema is StandardSchema<unknown, unknown> =>
  isThing(schema) && '~standard' in schema

const isIoTs = (schema: Schema): schema is IoTsType<unknown, never> =>
  isThing(schema) && ['is', 'decode', 'encode'].every((key) => key in schema)

/** Runs what a schema does; what it throws is a verdict too. */
const guarded = <A>(name: string, value: unknown, run: () => A): A | Verdict => {
  try {
    return run()
  } catch (cause) {
    return E.left(thrownInvalid(name, value, cause))
  }
}

const standard = (schema: StandardSchema<unknown, unknown>, name: string): Judge => {
  const verdict = (value: unknown, result: StandardResult<unknown>): Verdict =>
    result.issues === undefined ? E.right(result.value) : E.left(standardInvalid(name, value, result.issues))
  const read = (value: unknown): Verdict | Promise<Verdict> =>
    guarded(name, value, () => {
      const result = schema['~standard'].validate(value)
      if (!isPending(result)) return verdict(value, result)
      return Promise.resolve(result).then(
        (later) => verdict(value, later),
        (cause: unknown) => E.left(thrownInvalid(name, value, cause)),
      )
    })
  return { name, read, check: read, sent: E.right }
}

/** A promise of any realm: it has none of what a result has. */
const isPending = (
  result: StandardResult<unknown> | Promise<StandardResult<unknown>>,
): result is Promise<StandardResult<unknown>> => !('value' in result || 'issues' in result)

const ioTs = (type: IoTsType<unknown, never>, name: string): Judge => {
  const read = (value: unknown): Verdict =>
    guarded(name, value, () => {
      const result = type.decode(value)
      return E.isRight(result) ? result : E.left(ioTsInvalid(name, value, result.left))
    })
  // the interface says what it may be given; whoever checks nothing vouches for it
  const sent = (value: unknown): Verdict => guarded(name, value, () => E.right(type.encode(value as never)))
  const check = (value: unknown): Verdict =>
    guarded(name, value, () => (type.is(value) ? E.right(value) : E.flatMap(sent(value), read)))
  return { name, read, check, sent }
}
