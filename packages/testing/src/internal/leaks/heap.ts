import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes of the heap in use when all garbage is gone. */
export const heapBytes = (): number => {
  collect()
  return process.memoryUsage().heapUsed
}

const collect = (): void => {
  const gc: unknown = globalThis.gc ?? exposed()
  // twice: what a finaliser lets go of the first time goes the second
  if (typeof gc === 'function') for (const _ of [1, 2]) Reflect.apply(gc, undefined, [])
}

const exposed = (): unknown => {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc')
}
