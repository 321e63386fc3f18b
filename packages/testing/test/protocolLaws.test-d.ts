import type { Protocol } from '@sluice/protocol'
import { lines } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import fc from 'fast-check'
import { expectTypeOf } from 'vitest'
import type { ProtocolLaw, ReadBack } from '../src/index.ts'
import { protocolLaws, verifyProtocol } from '../src/index.ts'

const message = fc.constant('a')

expectTypeOf(protocolLaws(lines(), { message })).toEqualTypeOf<ReadonlyArray<ProtocolLaw>>()
expectTypeOf<ReadBack<string, string>>().toEqualTypeOf<{ readonly read?: (sent: string) => string }>()
verifyProtocol(lines(), { message, equals: (a, b) => a.length === b.length })

// @ts-expect-error bytes are no lines of text
protocolLaws(lines(), { message: fc.uint8Array() })

declare const values: Protocol<Either<Error, string>, string>
protocolLaws(values, { message, read: (sent) => ({ _tag: 'Right', right: sent }) })
// @ts-expect-error what is read is not what is sent, so `read` has to say it
protocolLaws(values, { message })
