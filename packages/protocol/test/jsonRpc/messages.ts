import fc from 'fast-check'
import type { JsonRpcMessage, JsonRpcSent } from '../../src/index.ts'

/** Values that JSON gives back as they are. */
const anyJson = fc
  .jsonValue({ maxDepth: 3 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  .filter((value) => !JSON.stringify(value).includes('__proto__'))

const id = fc.oneof(fc.integer(), fc.string(), fc.constant(null))
const method = fc.string()
const params = fc.oneof(fc.array(anyJson, { maxLength: 3 }), fc.record({ a: anyJson }, { noNullPrototype: true }))

const record = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { noNullPrototype: true })

/** Any message, fields in the order in which it is read. */
const anyMessage: fc.Arbitrary<JsonRpcMessage> = fc.oneof(
  record({ _tag: fc.constant('Request' as const), id, method }),
  record({ _tag: fc.constant('Request' as const), id, method, params }),
  record({ _tag: fc.constant('Notification' as const), method }),
  record({ _tag: fc.constant('Notification' as const), method, params }),
  record({ _tag: fc.constant('Result' as const), id, result: anyJson }),
  record({
    _tag: fc.constant('Failure' as const),
    id,
    error: fc.oneof(
      record({ code: fc.integer(), message: fc.string() }),
      record({ code: fc.integer(), message: fc.string(), data: anyJson }),
    ),
  }),
)

/** Any message or batch. */
export const anySent: fc.Arbitrary<JsonRpcSent> = fc.oneof(
  anyMessage,
  record({ _tag: fc.constant('Batch' as const), messages: fc.array(anyMessage, { minLength: 1, maxLength: 4 }) }),
)
