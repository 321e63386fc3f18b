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
  return bytes === SLAB_BYTES ? newSlab() : Buffer.allocUnsafeSlow(bytes)
}

/**
 * Gives memory back of which nobody holds a view any more. What is no slab is dropped, but next time there
 * is one: who writes little at a time would otherwise outgrow small buffers again and again.
 */
export const giveSlab = (view: Uint8Array): void => {
  const slab = ours.get(view.buffer)
  if (slab !== undefined) {
    if (spare.length < MOST_SPARE) spare.push(slab)
  } else if (spare.length === 0) spare.push(newSlab())
}

const newSlab = (): Buffer => {
  const slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  ours.set(slab.buffer, slab)
  return slab
}
