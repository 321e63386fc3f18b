import { lstatSync, unlinkSync } from 'node:fs'
import { createConnection } from 'node:net'

/**
 * Removes the file of a Unix socket that nobody answers on: what a killed process leaves behind. It asks
 * first, and touches nothing that is no socket. Answers what breaks it off.
 */
export const removeStale = (path: string, done: (removed: boolean) => void): (() => void) => {
  const asked = identity(path)
  if (asked === null) {
    done(false)
    return () => undefined
  }
  const socket = createConnection({ path })
  let over = false
  const settle = (removed: boolean): void => {
    if (over) return
    over = true
    socket.destroy()
    done(removed)
  }
  socket.once('connect', () => {
    settle(false)
  })
  socket.on('error', (error) => {
    const refused = 'code' in error && error.code === 'ECONNREFUSED'
    settle(refused && remove(path, asked))
  })
  return () => {
    over = true
    socket.destroy()
  }
}

/** Which file it is, if it is a socket. */
const identity = (path: string): string | null => {
  try {
    const stat = lstatSync(path, { bigint: true })
    return stat.isSocket() ? [stat.dev, stat.ino, stat.ctimeNs].join() : null
  } catch {
    return null
  }
}

/** Only if it is still the one that was asked: somebody may have bound a new one meanwhile. */
const remove = (path: string, asked: string): boolean => {
  try {
    if (identity(path) !== asked) return false
    unlinkSync(path)
    return true
  } catch {
    return false
  }
}
