import * as E from 'fp-ts/lib/Either.js'
import { flagOption } from '../internal/options.ts'
import { notEncodable } from '../internal/refusal.ts'
import type { Codec } from './codec.ts'
import type { Verdict } from './internal/judge.ts'
import { judgeOf } from './internal/judge.ts'
import { pendingInvalid } from './internal/schemaIssues.ts'
import { issueLine } from './invalid.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'

/** Options of {@link typed}. */
export interface TypedOptions {
  /** What errors call it. Default: the name of an io-ts type; of other schemas the library's. */
  readonly name?: string
  /**
   * Whether what is sent is validated too. Default true: what its own decoder would refuse is never on the wire. False
   * where the types are enough and every microsecond counts.
   */
  readonly checkSent?: boolean
}

/**
 * Values nothing is known of ⇄ values of a type: a type of io-ts, or any schema of the Standard Schema kind (zod, valibot,
 * arktype; of Effect what `Schema.toStandardSchemaV1` gives). None of them is a dependency; the types come from the schema.
 *
 * ```
 *  { age: 41 }    ▶   User { age: 41 }
 *  { age: 'x' }   ▶   Invalid: age: Invalid input: expected number, received string
 * ```
 *
 * Read is the schema's output. Sent is its input, as it is: a schema has no way back, so one that transforms is validated
 * and then sent untransformed. io-ts has a way back, `encode`, and it is taken.
 *
 * Errors while decoding: `Invalid`, an issue a line, with path, what was expected and what is there. While encoding:
 * `NotEncodable` (unless `checkSent` is false). A schema that turns out to be asynchronous is refused with an `Invalid`
 * whose fault is `local`: such a one belongs in `typedAsync`.
 * Throws `WrongOption` for what is no schema.
 *
 * ```ts
 * import { json, lines, through, typed } from '@sluice/protocol'
 * import { pipe } from 'fp-ts/lib/function.js'
 * import * as t from 'io-ts'
 *
 * const User = t.type({ name: t.string, age: t.number }, 'User')
 * const users = pipe(lines(), through(json()), through(typed(User)))
 * const result = users.decoder().push(Buffer.from('{"name":"ann","age":41}\n{"name":"bob"}\n'), (user) => {
 *   console.log(user.age) // 41
 *   return true
 * })
 * if (result._tag === 'Left') console.log(result.left.message) // the frame at offset 24 is no User: age: expected number, got undefined
 * ```
 */
export const typed = <S extends Schema>(
  schema: S,
  options: TypedOptions = {},
): Codec<unknown, SchemaOutput<S>, SchemaInput<S>> => {
  const judge = judgeOf('typed()', schema, options.name)
  const name = `typed(${judge.name})`
  const checkSent = flagOption(name, 'checkSent', options.checkSent, true)
  const atOnce = (value: unknown, verdict: Verdict | Promise<Verdict>): Verdict =>
    verdict instanceof Promise ? E.left(pendingInvalid(judge.name, value)) : verdict
  const codec: Codec<unknown, unknown> = {
    name,
    decode: (value) => atOnce(value, judge.read(value)),
    encode: (value) => {
      const checked = checkSent ? atOnce(value, judge.check(value)) : E.right(value)
      const sent = E.isLeft(checked) ? checked : judge.sent(value)
      if (E.isRight(sent)) return sent
      return notEncodable(name, value, sent.left.issues.map(issueLine).join('; '))
    },
  }
  // what a schema reads and takes is known to its type alone
  return codec as Codec<unknown, SchemaOutput<S>, SchemaInput<S>>
}
