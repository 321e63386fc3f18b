import { LawBroken } from './lawBroken.ts'

/**
 * The smallest case that breaks a law, drawn, or `null` where all of them hold: for pages, and for tests of what is
 * meant to be broken. Whatever else is thrown is thrown on.
 *
 * ```ts
 * import { lines } from '@sluice/protocol'
 * import { verifyProtocol, whatBreaks } from '@sluice/testing'
 * import fc from 'fast-check'
 *
 * const verify = () => verifyProtocol(lines(), { message: fc.constant('a'), runs: 10 })
 * console.log(await whatBreaks(verify)) // null
 * ```
 */
export const whatBreaks = async (verify: () => void | Promise<void>): Promise<string | null> => {
  try {
    await verify()
    return null
  } catch (error) {
    if (error instanceof LawBroken) return error.drawing
    throw error
  }
}
