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
