import { WrongOption } from '@sluice/protocol'

/** A time in milliseconds; `Infinity` turns a clock off. */
export const timeOption = (where: string, option: string, given: number | undefined, fallback: number): number => {
  const value = given ?? fallback
  if (!(value > 0)) throw new WrongOption(where, option, value, 'milliseconds over 0, or Infinity for never')
  return value
}

export const wholeOption = (where: string, option: string, given: number | undefined, fallback: number): number => {
  const value = given ?? fallback
  if (!Number.isSafeInteger(value) || value < 1) throw new WrongOption(where, option, value, 'a whole number from 1 on')
  return value
}

/** Node rounds a delay under a second down to 0, which means two hours to the kernel (FAULTS 0.9). */
export const keepAliveOption = (where: string, given: number | undefined): number => {
  const value = given ?? 30_000
  if (!(value >= 1000)) {
    throw new WrongOption(where, 'keepAliveMs', value, '1,000 milliseconds or more, or Infinity for never')
  }
  return value
}
