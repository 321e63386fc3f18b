import { BlockList, isIP as familyOf } from 'node:net'
import { WrongOption } from '@sluice/protocol'

/** Which IP version a text is an address of: 4, 6, or 0 where it is none. A zone (`fe80::1%eth0`) may stand behind. */
export const isIP = (text: string): 0 | 4 | 6 => {
  const family = familyOf(text)
  return family === 4 || family === 6 ? family : 0
}

/** Whether a text is an IPv4 address: four numbers, none with a leading zero. */
export const isIPv4 = (text: string): boolean => isIP(text) === 4

/** Whether a text is an IPv6 address. */
export const isIPv6 = (text: string): boolean => isIP(text) === 6

/** Addresses, as many as one likes; see {@link addressSet}. */
export interface AddressSet {
  /** Whether the address is one of them. What is no address is not, and never throws. */
  has(address: string): boolean
}

/**
 * A set of addresses, to let in or keep out.
 *
 * ```
 *  10.0.0.1              that address
 *  10.0.0.0/8  fd00::/8  a network
 *  10.0.0.1-10.0.0.9     from one to the other
 * ```
 *
 * An IPv4 address and its IPv6 form are the same: `::ffff:10.0.0.1` is in `10.0.0.0/8`. A zone is not looked at.
 * A `BlockList` of Node's is taken as it is, and a set stays the set it is.
 *
 * Throws `WrongOption` for an entry that is none of these, and for what is no list at all.
 *
 * ```ts
 * import { addressSet } from '@sluice/net'
 *
 * const inside = addressSet(['10.0.0.0/8', '::1'])
 * console.log(inside.has('10.1.2.3')) // true
 * console.log(inside.has('::ffff:10.1.2.3')) // true
 * console.log(inside.has('192.0.2.1')) // false
 * ```
 */
export const addressSet = (entries: readonly string[] | BlockList | AddressSet): AddressSet =>
  addressOption('addressSet()', 'entries', entries)

/** As {@link addressSet}, for whoever has an option of that kind. */
export const addressOption = (
  where: string,
  option: string,
  given: readonly string[] | BlockList | AddressSet,
): AddressSet => {
  if (isSet(given)) return given
  const list = given instanceof BlockList ? given : new BlockList()
  if (!(given instanceof BlockList)) {
    if (!isList(given)) throw new WrongOption(where, option, given, 'a list of addresses')
    for (const entry of given) {
      if (!add(list, entry)) {
        throw new WrongOption(where, option, entry, 'an address, a network (10.0.0.0/8), or a range (a-b)')
      }
    }
  }
  return {
    has: (address) => {
      const family = isIP(address)
      return family !== 0 && list.check(withoutZone(address), familyName(family))
    },
  }
}

const isSet = (given: unknown): given is AddressSet =>
  typeof given === 'object' && given !== null && 'has' in given && typeof given.has === 'function'

const isList = (given: unknown): given is readonly string[] => Array.isArray(given)

/** Adds one entry; answers false where it is none. */
const add = (list: BlockList, entry: string): boolean => {
  const [, address = '', sign, rest = ''] = /^([^/%-]+)(?:([/-])([^/%-]+))?$/.exec(entry) ?? []
  const family = isIP(address)
  if (family === 0) return false
  if (sign === undefined) list.addAddress(address, familyName(family))
  else if (sign === '/') {
    const prefix = /^(?:0|[1-9]\d{0,2})$/.test(rest) ? Number(rest) : Infinity
    if (prefix > (family === 4 ? 32 : 128)) return false
    list.addSubnet(address, prefix, familyName(family))
  } else {
    try {
      list.addRange(address, rest, familyName(family))
    } catch {
      // not of the same family, or the first behind the last
      return false
    }
  }
  return true
}

const familyName = (family: 4 | 6): 'ipv4' | 'ipv6' => (family === 4 ? 'ipv4' : 'ipv6')

/** Without the `%eth0` of a link-local address, which not every runtime's list takes. */
const withoutZone = (address: string): string => address.replace(/%.*$/, '')
