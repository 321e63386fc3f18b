import { readdirSync, readlinkSync } from 'node:fs'

const FOLDER = '/proc/self/fd'

/**
 * The open descriptors, and what each is for; none where the system does not tell. Without `/dev/null`: with the first
 * socket of a process libuv opens that for itself, for good.
 */
export const descriptors = (): ReadonlyMap<number, string> => {
  if (process.platform !== 'linux') return new Map()
  const open = new Map<number, string>()
  for (const name of readdirSync(FOLDER)) {
    const target = targetOf(name)
    if (target !== null && target !== '/dev/null') open.set(Number(name), target)
  }
  return open
}

/** `null` for the one that was open only to look. */
const targetOf = (name: string): string | null => {
  try {
    return readlinkSync(`${FOLDER}/${name}`)
  } catch {
    return null
  }
}
