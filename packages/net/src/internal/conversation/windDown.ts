import type { ConnectionEvent } from '../../connection.ts'
import type { LiveConnection } from '../connection/liveConnection.ts'

/**
 * Ends the input of a conversation behind what was received before. Where the gate is held that is not
 * known yet: then once it has opened, and the kernel had one turn of the loop to hand over what it has.
 */
export const windDown = (connection: LiveConnection): void => {
  if (!connection.inlet.gate.held) {
    connection.shutDown()
    return
  }
  const listening = connection.events$.subscribe((event: ConnectionEvent) => {
    if (event._tag !== 'Resumed') return
    listening.unsubscribe()
    setImmediate(() => {
      connection.shutDown()
    })
  })
}
