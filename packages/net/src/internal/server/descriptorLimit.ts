import { closeSync, openSync, readFileSync } from 'node:fs'

/**
 * How many descriptors the process may have, as the system says now: somebody may change it from outside.
 * `Infinity` where it does not say.
 */
export const descriptorLimit = (): number => {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? []
    return soft === undefined ? Infinity : Number(soft)
  } catch {
    // elsewhere than on Linux it takes long to ask, and nobody changes it
    return (reported ??= reportedLimit())
  }
}

let reported: number | null = null

const reportedLimit = (): number => {
  try {
    const soft = Number(/"open_files":\s*{\s*"soft":\s*"?(\w+)/.exec(JSON.stringify(process.report.getReport()))?.[1])
    return Number.isNaN(soft) ? Infinity : soft
  } catch {
    return Infinity
  }
}

/** How many of them are kept free for the rest of the program: its files, its own connections. */
export const spareOf = (limit: number): number => Math.min(64, Math.floor(limit / 8))

/** The lowest descriptor that is free: all below it are in use. `Infinity`: none is; `null`: nobody knows. */
export const lowestFree = (): number | null => {
  try {
    const descriptor = openSync('/dev/null', 'r')
    closeSync(descriptor)
    return descriptor
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code === 'EMFILE' || code === 'ENFILE' ? Infinity : null
  }
}
