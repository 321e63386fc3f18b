import type { Awaitable } from '../../tlsServerOptions.ts'

/** Calls a function of the user's that answers at once or later, or fails either way. */
export const ask = <A>(f: () => Awaitable<A>, done: (answer: A) => void, failed: (error: unknown) => void): void => {
  let answer: Awaitable<A>
  try {
    answer = f()
  } catch (error) {
    failed(error)
    return
  }
  if (answer instanceof Promise) answer.then(done, failed)
  else done(answer)
}
