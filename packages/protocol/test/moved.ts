/** Bytes that `Uint8Array.prototype.set` moves meanwhile. */
export const bytesMoved = (run: () => void): number => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- put back below, called with its own this
  const original = Uint8Array.prototype.set
  let moved = 0
  Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, at?: number) {
    moved += source.length
    original.call(this, source, at)
  }
  try {
    run()
  } finally {
    Uint8Array.prototype.set = original
  }
  return moved
}
