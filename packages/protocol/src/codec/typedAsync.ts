import type { Either } from 'fp-ts/lib/Either.js'
import { judgeOf } from './internal/judge.ts'
import type { Invalid } from './invalid.ts'
import type { Schema, SchemaOutput } from './schema.ts'
import type { TypedOptions } from './typed.ts'

/**
 * What `typed` does, for a schema that takes time: a function for `mapAsync`, which keeps the order and holds the gate of
 * the source meanwhile. It is no codec, for a codec answers at once.
 *
 * ```
 *  in   ──{}──────{id:1}──|
 *  out  ─────Left────────Right──|      mapAsync(4, typedAsync(User))
 * ```
 *
 * The promise never fails: what is invalid, and what the schema threw or failed with, is a `Left`.
 * Throws `WrongOption` for what is no schema.
 *
 * ```ts
 * import { mapAsync } from '@sluice/net'
 * import { typedAsync } from '@sluice/protocol'
 * import { of } from 'rxjs'
 * import * as z from 'zod'
 *
 * const User = z.object({ id: z.number() }).refine(async ({ id }) => Promise.resolve(id === 1), 'unknown')
 * of({ id: 1 }, { id: 2 })
 *   .pipe(mapAsync(4, typedAsync(User, { name: 'User' })))
 *   .subscribe((user) => console.log(user._tag === 'Right' ? user.right.id : user.left.message)) // 1
 * // the frame at offset 0 is no User: unknown
 * ```
 */
export const typedAsync = <S extends Schema>(
  schema: S,
  options: Pick<TypedOptions, 'name'> = {},
): ((value: unknown) => Promise<Either<Invalid, SchemaOutput<S>>>) => {
  const judge = judgeOf('typedAsync()', schema, options.name)
  // what a schema reads is known to its type alone
  return async (value) => (await judge.read(value)) as Either<Invalid, SchemaOutput<S>>
}
