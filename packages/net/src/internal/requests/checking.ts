import type { Connection } from '../../connection.ts'
import type { RequestError } from '../../requests/requestErrors.ts'
import { Unhealthy } from '../../requests/requestErrors.ts'
import type { Asker } from './asked.ts'

/** Who asks a connection whether it is well, and breaks it off if it is not. */
export class Checking<Res> implements Asker<Res> {
  readonly #connection: Connection
  readonly #isHealthy: (answer: Res) => boolean
  #failure: { readonly cause: unknown } | null = null

  constructor(connection: Connection, isHealthy: (answer: Res) => boolean) {
    this.#connection = connection
    this.#isHealthy = isHealthy
  }

  answer(answer: Res): void {
    try {
      this.#failure = this.#isHealthy(answer) ? null : { cause: answer }
    } catch (error) {
      this.#failure = { cause: error }
    }
  }

  done(): void {
    if (this.#failure !== null) this.#connection.abort(new Unhealthy(this.#failure.cause))
  }

  failed(error: RequestError): void {
    if (error._tag !== 'ClientClosed' && error._tag !== 'RequestLost') this.#connection.abort(new Unhealthy(error))
  }
}
