/**
 * A whole number in decimal digits and nothing else, else `NaN`: no sign, no blank, no `1e3`, no empty text, which
 * `Number` and `parseInt` let pass. From 2^53 on it is 2^53 - 1, which is over every limit.
 *
 * ```ts
 * import { wholeNumber } from '@sluice/protocol'
 *
 * console.log(wholeNumber('42')) // 42
 * console.log(wholeNumber('0x2a'), wholeNumber('1e3'), wholeNumber('')) // NaN NaN NaN
 * ```
 */
export const wholeNumber = (text: string): number =>
  /^[0-9]+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : NaN
