import { Server } from 'node:net'
import { WrongOption } from '@sluice/protocol'
import type { Endpoint } from '../../connection.ts'
import type { ListenAddress } from '../../listenOptions.ts'
import { checkTarget, showTarget } from '../transport/address.ts'

const TARGETS = ['port', 'path', 'fd', 'handle'] as const

/** Refuses a place that names nothing, or two things, or has options that mean nothing there. */
export const checkPlace = (where: string, place: ListenAddress): void => {
  const [target, other] = TARGETS.filter((name) => place[name] !== undefined)
  if (other !== undefined)
    throw new WrongOption(where, other, place[other], `left out where there is a ${target ?? ''}`)
  const { fd, handle, mode, ipv6Only, host } = place
  if (target === 'fd' || target === 'handle') {
    if (host !== undefined) throw new WrongOption(where, 'host', host, `left out where there is a ${target}`)
  } else checkTarget(where, place, 0)
  if (fd !== undefined && !(Number.isInteger(fd) && fd >= 0)) {
    throw new WrongOption(where, 'fd', fd, 'the number of a descriptor')
  }
  if (handle !== undefined && !(handle instanceof Server) && !hasDescriptor(handle)) {
    throw new WrongOption(where, 'handle', handle, 'a server, or an object with a descriptor')
  }
  if (mode !== undefined && !(target === 'path' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) {
    throw new WrongOption(where, 'mode', mode, 'the permissions of a Unix socket, 0 to 0o777')
  }
  if (ipv6Only === true && target !== 'port') throw new WrongOption(where, 'ipv6Only', ipv6Only, 'with a port')
}

const hasDescriptor = (handle: unknown): boolean =>
  typeof handle === 'object' && handle !== null && 'fd' in handle && typeof handle.fd === 'number'

/** A place as a person writes it. */
export const showPlace = (place: ListenAddress): string => {
  if (place.fd !== undefined) return `descriptor ${String(place.fd)}`
  if (place.handle !== undefined) return 'a handle'
  return showTarget(place)
}

/** Where a server can be reached, of what Node says about it. */
export const boundAt = (
  place: ListenAddress,
  bound: string | { readonly family: string; readonly address: string; readonly port: number } | null,
): Endpoint =>
  typeof bound === 'object' && bound !== null
    ? { family: bound.family === 'IPv6' ? 'IPv6' : 'IPv4', address: bound.address, port: bound.port }
    : { family: 'unix', address: place.path ?? bound ?? '' }
