import type { Decoder } from '../protocol.ts'

/**
 * A decoder whose messages are those of another, each given to `forward`: which emits it changed, or answers whether to
 * go on without it. Everything else is the other's.
 */
export const forwarding = <A, B>(
  inner: Decoder<A>,
  forward: (message: A, emit: (message: B) => boolean) => boolean,
): Decoder<B> => {
  let emit: (message: B) => boolean = () => true
  const each = (message: A) => forward(message, emit)
  return {
    get buffered() {
      return inner.buffered
    },
    push: (chunk, next) => {
      emit = next
      return inner.push(chunk, each)
    },
    end: (next) => {
      emit = next
      return inner.end(each)
    },
    unread: () => inner.unread(),
  }
}
