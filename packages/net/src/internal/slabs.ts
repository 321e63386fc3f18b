import type { SlabSource } from '@sluice/protocol'

const SLAB_BYTES = 64 * 1024
const MOST_SPARE = 8

/** Buffers that were with a socket and came back: the kernel has their bytes. Shared by all writers. */
const spare: Buffer[] = []
const ours = new WeakMap<ArrayBufferLike, Buffer>()

/** Memory to encode into: a recycled slab where there is one, else as much as is asked for. */
export const takeSlab: SlabSource = (bytes) => {
  if (bytes <= SLAB_BYTES) {
    const slab = spare.pop()
    if (slab !== undefined) return slab
  }
  const fresh = Buffer.allocUnsafeSlow(bytes)
  if (bytes === SLAB_BYTES) ours.set(fresh.buffer, fresh)
  return fresh
}

/** Gives memory back of which nobody holds a view any more; what is not a slab of ours is ignored. */
export const giveSlab = (view: Uint8Array): void => {
  const slab = ours.get(view.buffer)
  if (slab !== undefined && spare.length < MOST_SPARE) spare.push(slab)
}
