/** Something written to during a dispatch, which wants to leave in one piece at its end. */
export interface Flushable {
  flush(): void
}

let depth = 0
let scheduled = false
let dirty: Flushable[] = []

/** A source begins to emit. */
export const enterDispatch = (): void => {
  depth++
}

/** It is done; when it was the outermost one, what was written leaves. */
export const leaveDispatch = (): void => {
  depth--
  if (depth === 0 && dirty.length !== 0) flushAll()
}

/** `flush` is called once: at the end of the dispatch under way, else of the microtask (R6). */
export const flushSoon = (what: Flushable): void => {
  dirty.push(what)
  if (depth === 0 && !scheduled) {
    scheduled = true
    queueMicrotask(flushScheduled)
  }
}

const flushScheduled = (): void => {
  scheduled = false
  if (dirty.length !== 0) flushAll()
}

const flushAll = (): void => {
  // flushing may end in user code (a drained sink lets another source go on), which may write again
  while (dirty.length !== 0) {
    const now = dirty
    dirty = []
    for (const what of now) what.flush()
  }
}
