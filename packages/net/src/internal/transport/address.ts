import { isIP } from 'node:net'
import { WrongOption } from '@sluice/protocol'
import type { Endpoint } from '../../connection.ts'

/** Where to reach something: a port, with a host, or the path of a Unix socket. */
export interface Target {
  readonly port?: number | undefined
  readonly host?: string | undefined
  readonly path?: string | undefined
}

/** Refuses a target that names nothing, or two things. */
export const checkTarget = (where: string, { port, host, path }: Target, leastPort: number): void => {
  if (path !== undefined) {
    if (port !== undefined || host !== undefined) {
      throw new WrongOption(where, 'path', path, 'a path alone, without port and host')
    }
    if (path === '') throw new WrongOption(where, 'path', path, 'the path of a Unix socket')
  } else if (port === undefined || !Number.isInteger(port) || port < leastPort || port > 65535) {
    throw new WrongOption(where, 'port', port, `a whole number from ${String(leastPort)} to 65535, or a path`)
  }
}

/** A target as a person writes it. */
export const showTarget = ({ port, host, path }: Target): string => {
  if (path !== undefined) return path
  const name = host ?? 'localhost'
  return `${isIP(name) === 6 ? `[${name}]` : name}:${String(port)}`
}

/** An endpoint as a person writes it: `127.0.0.1:7000`, `[::1]:7000`, `/run/chat.sock`. */
export const showEndpoint = ({ address, port }: Endpoint): string =>
  port === undefined ? address : showTarget({ host: address, port })

/** The code of a system error, and what it means in words. */
export const describeError = (error: Error): { readonly code: string; readonly message: string } => {
  const [first] = error instanceof AggregateError ? (error.errors as readonly Error[]) : []
  if (first !== undefined && error instanceof AggregateError) {
    // both address families were tried: an AggregateError has an empty message of its own
    const each = (error.errors as readonly Error[]).map((one) => one.message)
    return { code: codeOf(first), message: each.join('; ') }
  }
  return { code: codeOf(error), message: error.message }
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN')
