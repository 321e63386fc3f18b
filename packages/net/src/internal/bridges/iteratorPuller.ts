import type { Puller } from './pull.ts'

/** Asks an iterator of either kind; leaving it early calls its `return`, and what that fails with is for nobody. */
export const iteratorPuller = <A>(items: Iterable<A> | AsyncIterable<A>, leave = true): Puller<A> => {
  if (Symbol.asyncIterator in items) {
    const iterator = items[Symbol.asyncIterator]()
    return {
      next: () => Promise.resolve(iterator.next()),
      stop: () => {
        if (leave) quietly(() => iterator.return?.())
      },
    }
  }
  const iterator = items[Symbol.iterator]()
  return {
    next: () => iterator.next(),
    stop: () => {
      if (leave) quietly(() => iterator.return?.())
    },
  }
}

const quietly = (leave: () => unknown): void => {
  try {
    Promise.resolve(leave()).catch(() => undefined)
  } catch {
    // as above
  }
}
