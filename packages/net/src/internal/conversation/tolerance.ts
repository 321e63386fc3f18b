import type { Invalid, Protocol } from '@sluice/protocol'
import { tolerant, WrongOption } from '@sluice/protocol'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { OperatorFunction } from 'rxjs'
import { Observable, Subscriber } from 'rxjs'
import type { Closed, Connection } from '../../connection.ts'
import type { Handler } from '../../handler.ts'
import type { InvalidPolicy, SpeakEitherOptions, SpeakOptions } from '../../speakOptions.ts'
import { live } from '../connection/live.ts'
import { conversations } from './conversations.ts'

/** `conversations` as the option `invalid` wants them. */
export const tolerantly = <In, Out, R>(
  where: string,
  protocol: Protocol<In, Out>,
  handler: Handler<never, Out>,
  options: SpeakOptions<Out> | SpeakEitherOptions,
  tell: (connection: Connection, closed: Closed) => R,
): OperatorFunction<Connection, R> => {
  const { clocks, invalid = 'fail' } = options
  // by the types of the runners it takes Eithers where the policy is 'either', and plain messages elsewhere
  if (invalid === 'either') {
    return conversations(where, tolerant(protocol), handler as Handler<Either<Invalid, In>, Out>, clocks, tell)
  }
  const plain = handler as Handler<In, Out>
  if (invalid === 'fail') return conversations(where, protocol, plain, clocks, tell)
  checkPolicy(where, invalid)
  return conversations(where, tolerant(protocol), sifted(where, plain, invalid), clocks, tell)
}

const checkPolicy = (where: string, policy: unknown): void => {
  if (policy === 'skip') return
  if (typeof policy === 'object' && policy !== null && 'answer' in policy && typeof policy.answer === 'function') return
  throw new WrongOption(where, 'invalid', policy, `'fail', 'skip', 'either', or { answer: a function }`)
}

type Sifting<Out> = Exclude<InvalidPolicy<Out>, 'fail'>

/** The handler for a protocol with errors as values: it hears what is none. */
const sifted =
  <In, Out>(where: string, handler: Handler<In, Out>, policy: Sifting<Out>): Handler<Either<Invalid, In>, Out> =>
  (in$, connection) => {
    const lifted = live(where, connection)
    const heard = (error: Invalid): void => {
      lifted.invalid(error)
    }
    if (policy === 'skip') return handler(sieve(in$, heard), connection)
    return new Observable((subscriber) => {
      const answered = (error: Invalid): void => {
        heard(error)
        subscriber.next(policy.answer(error))
      }
      handler(sieve(in$, answered), connection).subscribe(subscriber)
    })
  }

const sieve = <In>(in$: Observable<Either<Invalid, In>>, refused: (error: Invalid) => void): Observable<In> =>
  new Observable((subscriber) => in$.subscribe(new Sieve(subscriber, refused)))

/** Lets messages through; what `refused` throws ends them. */
class Sieve<In> extends Subscriber<Either<Invalid, In>> {
  readonly #destination: Subscriber<In>
  readonly #refused: (error: Invalid) => void

  constructor(destination: Subscriber<In>, refused: (error: Invalid) => void) {
    super(destination)
    this.#destination = destination
    this.#refused = refused
  }

  protected override _next(message: Either<Invalid, In>): void {
    if (E.isRight(message)) {
      this.#destination.next(message.right)
      return
    }
    try {
      this.#refused(message.left)
    } catch (error) {
      this.#destination.error(error)
    }
  }
}
