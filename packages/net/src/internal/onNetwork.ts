import { WrongOption } from '@sluice/protocol'
import type { ConnectionOptions } from '../connection.ts'
import type { Network } from '../network.ts'

/** What decides where a connection lives. */
interface Placed extends ConnectionOptions {
  readonly network?: Network
  readonly tls?: unknown
}

/** The options of a connection, with the clock of its network where it has none of its own. */
export const onNetwork = (where: string, options: Placed): ConnectionOptions => {
  const { network, tls } = options
  if (network === undefined) return options
  if (tls !== undefined) throw new WrongOption(where, 'tls', tls, 'nothing, on a network of its own')
  return { ...options, scheduler: options.scheduler ?? network.scheduler }
}
