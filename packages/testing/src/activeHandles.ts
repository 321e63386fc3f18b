/**
 * What keeps the process running, of one class: the sockets, servers and the like that are open. Node has no public
 * list of it; where there is none at all this is empty.
 *
 * ```ts
 * import { activeHandles, socketPair } from '@sluice/testing'
 * import { Socket } from 'node:net'
 *
 * const { client, close } = await socketPair()
 * console.log(activeHandles(Socket).includes(client)) // true
 * await close()
 * console.log(activeHandles(Socket).includes(client)) // false
 * ```
 */
export const activeHandles = <A>(kind: new (...args: never[]) => A): readonly A[] => {
  const list: unknown = Reflect.get(process, '_getActiveHandles')
  const handles: unknown = typeof list === 'function' ? Reflect.apply(list, process, []) : []
  const all: readonly unknown[] = Array.isArray(handles) ? handles : []
  return all.flatMap((one) => (one instanceof kind ? [one] : []))
}
