import type { Either } from 'fp-ts/lib/Either.js'

/**
 * A schema by the Standard Schema specification, version 1, which zod, valibot, arktype and others implement; only what
 * is needed of it, by its shape, so that none of them is a dependency. It may be a function, as those of arktype are.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

/** What a {@link StandardSchema} says of a value. */
export type StandardResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: ReadonlyArray<StandardIssue> }

/** What a {@link StandardSchema} finds wrong. */
export interface StandardIssue {
  readonly message: string
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined
}

/** A type of io-ts by its shape: it reads `A` and sends `B`, which in `t.Type<A, O>` are one. */
export interface IoTsType<A, B = A> {
  readonly name: string
  readonly is: (value: unknown) => boolean
  readonly decode: (value: unknown) => Either<ReadonlyArray<IoTsError>, A>
  readonly encode: (value: B) => unknown
}

/** What a type of io-ts finds wrong. */
export interface IoTsError {
  readonly value: unknown
  readonly context: ReadonlyArray<IoTsContext>
  readonly message?: string | undefined
}

/** A step of the way to what is wrong. */
export interface IoTsContext {
  readonly key: string
  readonly type: { readonly name: string; readonly _tag?: string }
  readonly actual?: unknown
}

/** What {@link typed} takes. */
export type Schema = StandardSchema<unknown, unknown> | IoTsType<unknown, never>

/** What is read through a schema: its output. */
export type SchemaOutput<S extends Schema> =
  S extends StandardSchema<unknown, unknown>
    ? NonNullable<S['~standard']['types']>['output']
    : S extends IoTsType<infer A, never>
      ? A
      : never

/** What may be sent through a schema: its input, which its output is made of; of io-ts the type itself. */
export type SchemaInput<S extends Schema> =
  S extends StandardSchema<unknown, unknown>
    ? NonNullable<S['~standard']['types']>['input']
    : S extends IoTsType<unknown, infer B>
      ? B
      : never
