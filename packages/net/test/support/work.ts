import { Observable, Subject } from 'rxjs'

/** Work that is done when the test says so. */
export const bench = () => {
  const started: string[] = []
  const cancelled: string[] = []
  const answers = new Map<string, Subject<string>>()
  const work = (message: string): Observable<string> =>
    new Observable((subscriber) => {
      started.push(message)
      const answer$ = new Subject<string>()
      answers.set(message, answer$)
      const working = answer$.subscribe(subscriber)
      return () => {
        if (!answer$.closed && answers.delete(message)) cancelled.push(message)
        working.unsubscribe()
      }
    })
  const finish = (message: string): void => {
    const answer$ = answers.get(message)
    answers.delete(message)
    answer$?.next(message.toUpperCase())
  }
  return { started, cancelled, work, finish, answers }
}

/** What a stream emits, its error, and its end, in order. */
export const heard = <A>(values$: Observable<A>): unknown[] => {
  const seen: unknown[] = []
  values$.subscribe({
    next: (value) => seen.push(value),
    error: (error: unknown) => seen.push(error),
    complete: () => seen.push('completed'),
  })
  return seen
}
