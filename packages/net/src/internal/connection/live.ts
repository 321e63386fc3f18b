import { WrongOption } from '@sluice/protocol'
import type { Connection } from '../../connection.ts'
import { LiveConnection } from './liveConnection.ts'

/** The connection behind its interface: the runners need what users do not. */
export const live = (where: string, connection: Connection): LiveConnection => {
  if (connection instanceof LiveConnection) return connection
  throw new WrongOption(where, 'connection', connection, 'one made by connect, listen or fromDuplex')
}
