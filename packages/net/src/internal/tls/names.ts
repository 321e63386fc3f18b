import type { SecureContext } from 'node:tls'
import { WrongOption } from '@sluice/protocol'
import type { TlsContextOptions } from '../../tlsContextOptions.ts'
import { renewed, secureContext } from './secureContext.ts'

interface Named {
  readonly options: TlsContextOptions
  readonly context: SecureContext
}

/** The contexts of a server by name; `*.example.org` stands for any one label. */
export class TlsNames {
  readonly #where: string
  readonly #named = new Map<string, Named>()

  constructor(where: string, contexts: Readonly<Record<string, TlsContextOptions>>) {
    this.#where = where
    for (const [name, options] of Object.entries(contexts)) this.#put(name, options)
  }

  get(servername: string): SecureContext | undefined {
    const name = servername.toLowerCase()
    return (this.#named.get(name) ?? this.#named.get(name.replace(/^[^.]*/, '*')))?.context
  }

  /** Other certificates for a name that is here already. */
  renew(name: string, options: TlsContextOptions): void {
    const before = this.#named.get(name.toLowerCase())
    if (before === undefined) {
      throw new WrongOption(this.#where, 'servername', name, `one of sni: ${[...this.#named.keys()].join(', ')}`)
    }
    this.#put(name, renewed(before.options, options))
  }

  #put(name: string, options: TlsContextOptions): void {
    this.#named.set(name.toLowerCase(), { options, context: secureContext(this.#where, options) })
  }
}
