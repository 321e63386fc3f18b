import * as E from 'fp-ts/lib/Either.js'
import type { Endpoint } from '../../endpoint.ts'
import type { ProxyAnnouncement } from '../../proxyAnnouncement.ts'
import { ipBytes } from './ip.ts'
import { isUint } from './tlvWrite.ts'
import { ADDRESS_BYTES } from './types.ts'

/** One endpoint as bytes: 4, 16, or at most 108 of a path, which has no port. */
export interface End {
  readonly address: Uint8Array
  readonly port: number
}

/** Both endpoints of a header, of the same family. */
export interface Ends {
  readonly family: 'IPv4' | 'IPv6' | 'unix'
  readonly source: End
  readonly destination: End
}

/** The endpoints of a header to be written, `null` where it has none; `Left` says what is wrong with them. */
export const endsOf = ({ source, destination }: ProxyAnnouncement): E.Either<string, Ends | null> => {
  if (source === undefined && destination === undefined) return E.right(null)
  if (source === undefined || destination === undefined) return E.left('one endpoint without the other')
  const { family } = source
  if (family !== destination.family) return E.left(`endpoints of two families, ${family} and ${destination.family}`)
  if (family === 'other') return E.left('endpoints that are no addresses')
  const first = endOf(source)
  if (E.isLeft(first)) return first
  const second = endOf(destination)
  return E.isLeft(second) ? second : E.right({ family, source: first.right, destination: second.right })
}

const endOf = (endpoint: Endpoint): E.Either<string, End> => {
  if (endpoint.family === 'unix') return pathEnd(endpoint.address)
  const address = ipBytes(endpoint.address)
  if (address === null || address.length !== (endpoint.family === 'IPv4' ? 4 : 16)) {
    return E.left(`${endpoint.address}, which is no address of ${endpoint.family} without a zone`)
  }
  return isUint(endpoint.port, 0xffff)
    ? E.right({ address, port: endpoint.port })
    : E.left(`the port ${String(endpoint.port)}, which is not 0 to 65535`)
}

/** A path ends at its first NUL; one that begins with a NUL is a name, and ends before the last ones. */
const pathEnd = (path: string): E.Either<string, End> => {
  const address = Buffer.from(path)
  if (!path.isWellFormed() || address.length > (ADDRESS_BYTES[3] ?? 0)) {
    return E.left('a path of over 108 bytes, or of half a character')
  }
  return (path.startsWith('\0') ? path.endsWith('\0') : path.includes('\0'))
    ? E.left('a path with a NUL')
    : E.right({ address, port: 0 })
}
