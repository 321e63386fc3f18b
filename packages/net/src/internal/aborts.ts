interface Waiting {
  readonly all: Set<() => void>
  readonly onAbort: () => void
}

/** Who waits for which signal. One listener a signal, however many share it: beyond ten Node warns of a leak. */
const waiting = new WeakMap<AbortSignal, Waiting>()

/** Calls `f` once when the signal is aborted; answers what takes that back. */
export const onceAborted = (signal: AbortSignal, f: () => void): (() => void) => {
  const { all, onAbort } = waiting.get(signal) ?? listen(signal)
  // a function of its own, so that the same one may wait twice
  const one = (): void => {
    f()
  }
  all.add(one)
  return () => {
    if (!all.delete(one) || all.size !== 0) return
    signal.removeEventListener('abort', onAbort)
    waiting.delete(signal)
  }
}

const listen = (signal: AbortSignal): Waiting => {
  const all = new Set<() => void>()
  const onAbort = (): void => {
    for (const one of all) one()
  }
  const now = { all, onAbort }
  waiting.set(signal, now)
  signal.addEventListener('abort', onAbort, { once: true })
  return now
}
