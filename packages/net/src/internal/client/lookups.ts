import { lookup as systemLookup } from 'node:dns'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isIP } from 'node:net'
import type { Lookup } from '../../connection.ts'

/**
 * A lookup that tells what it has found, answers once, and whatever the given one does, answers Node as Node
 * expects: a lookup that throws, finds nothing, or answers one address where all were asked for, ends the
 * process otherwise.
 */
export const heardLookup =
  (lookup: LookupFunction = systemLookup, heard: (lookup: Lookup) => void): LookupFunction =>
  (host, options, answer) => {
    let answered = false
    const found = (error: unknown, given?: string | readonly LookupAddress[]): void => {
      if (answered) return
      answered = true
      const all = error === null || error === undefined ? listOf(given) : []
      heard({ _tag: 'Lookup', host, addresses: all.map(({ address }) => address) })
      const [first] = all
      if (first === undefined) answer(errorOf(error, host), '')
      else if (options.all === true) answer(null, all)
      else answer(null, first.address, first.family)
    }
    try {
      lookup(host, options, found)
    } catch (error) {
      found(error)
    }
  }

const listOf = (given: string | readonly LookupAddress[] | undefined): LookupAddress[] =>
  (typeof given === 'string' ? [given] : (given ?? []).map(({ address }) => address))
    .filter((address) => isIP(address) !== 0)
    .map((address) => ({ address, family: isIP(address) }))

const errorOf = (error: unknown, host: string): NodeJS.ErrnoException => {
  if (error instanceof Error) return error
  const message = typeof error === 'string' ? error : `no address is known of ${host}`
  return Object.assign(new Error(message), { code: 'ENOTFOUND', syscall: 'lookup', hostname: host })
}
