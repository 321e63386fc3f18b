import { WrongOption } from '../errors.ts'
import { show } from './show.ts'

/** A frame limit that makes sense, or `WrongOption`. */
export const limitOption = (where: string, given: number | undefined, fallback: number, least = 1): number => {
  const limit = given ?? fallback
  if (!Number.isSafeInteger(limit) || limit < least) {
    throw new WrongOption(where, 'maxFrameBytes', limit, `a whole number of bytes from ${String(least)} on`)
  }
  return limit
}

/** One of a few words, or `WrongOption`. */
export const choiceOption = <A extends string>(
  where: string,
  option: string,
  given: A | undefined,
  choices: readonly [A, ...A[]],
): A => {
  const choice = given ?? choices[0]
  if (!choices.includes(choice)) {
    throw new WrongOption(where, option, choice, `one of ${choices.map((c) => `'${c}'`).join(', ')}`)
  }
  return choice
}

/** The name of a protocol as the expression that built it: only the options that were given. */
export const expression = (name: string, options: object): string => {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return given.length === 0 ? `${name}()` : `${name}(${show(Object.fromEntries(given))})`
}

/** A whole number between two, or `WrongOption`. */
export const wholeOption = (
  where: string,
  option: string,
  given: number | undefined,
  fallback: number,
  { least, most = Number.MAX_SAFE_INTEGER }: { readonly least: number; readonly most?: number },
): number => {
  const value = given ?? fallback
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value
  const range =
    most === Number.MAX_SAFE_INTEGER ? `from ${String(least)} on` : `from ${String(least)} to ${String(most)}`
  throw new WrongOption(where, option, value, `a whole number ${range}`)
}

/** True or false, or `WrongOption`. */
export const flagOption = (where: string, option: string, given: boolean | undefined, fallback: boolean): boolean => {
  const value = given ?? fallback
  if (typeof value === 'boolean') return value
  throw new WrongOption(where, option, value, 'true or false')
}

/** Bytes, text as its UTF-8, or `WrongOption`: a copy, so that the caller's array may change. */
export const bytesOption = (where: string, option: string, given: Uint8Array | string | undefined): Uint8Array => {
  if (given === undefined) return new Uint8Array(0)
  if (typeof given === 'string') return Uint8Array.from(Buffer.from(given))
  if (given instanceof Uint8Array) return Uint8Array.from(given)
  throw new WrongOption(where, option, given, 'bytes')
}
