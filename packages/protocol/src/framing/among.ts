import type { Protocol } from '../protocol.ts'

/** Protocols by name, whatever their messages. */
export type Among = Readonly<Record<string, Protocol<unknown, never>>>

/** A message of one of several protocols, which `_tag` names. */
export type Chosen<P extends Among> = {
  readonly [K in keyof P & string]: { readonly _tag: K; readonly message: InOf<P[K]> }
}[keyof P & string]

/** What may be sent to `firstByte`: as {@link Chosen}. */
export type ToChosen<P extends Among> = {
  readonly [K in keyof P & string]: { readonly _tag: K; readonly message: OutOf<P[K]> }
}[keyof P & string]

type InOf<P> = P extends Protocol<infer In, never> ? In : never
type OutOf<P> = P extends Protocol<unknown, infer Out> ? Out : never
