/** What keeps the process running, of one class. Node has no public list of it. */
export const handlesOf = <A>(kind: new (...args: never[]) => A): A[] => {
  const list: unknown = Reflect.get(process, '_getActiveHandles')
  if (typeof list !== 'function') throw new Error('this runtime has no list of handles')
  const handles: unknown = Reflect.apply(list, process, [])
  const all: unknown[] = Array.isArray(handles) ? handles : []
  return all.flatMap((one) => (one instanceof kind ? [one] : []))
}
