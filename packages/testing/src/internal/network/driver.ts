import type { VirtualTime } from './virtualTime.ts'

/** Real ones, whatever is put in their place later. */
const nextTurn = setImmediate

/** So many tasks are begun in one turn of the real loop: Node lets microtasks run between two immediates. */
const IN_A_TURN = 64

/**
 * Lets virtual time pass: the tasks that are due one after the other, and after each the microtasks it has led to.
 * `alone`: no immediate of anybody else's has to be waited for. Rejects with what a task has thrown.
 */
export const drive = (time: VirtualTime, until: () => number, alone: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    let over = false
    const step = (): void => {
      if (over) return
      try {
        const limit = until()
        if (time.step(limit)) return
        over = true
        if (limit !== Infinity) time.arrive(limit)
        resolve()
      } catch (error) {
        over = true
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const lastOfTurn = (): void => {
      step()
      if (!over) goOn()
    }
    const goOn = (): void => {
      if (alone) {
        for (let i = 1; i < IN_A_TURN; i++) nextTurn(step)
        nextTurn(lastOfTurn)
      } else nextTurn(() => nextTurn(lastOfTurn))
    }
    goOn()
  })
