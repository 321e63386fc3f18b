import { WrongOption } from '../errors.ts'
import { choiceOption, wholeOption } from './options.ts'
import { bytesOf } from './varint.ts'

/** Where the length stands and whether it is kept; what would be lost in front of it is refused. */
export const headerOptions = (
  name: string,
  options: { readonly offset?: number; readonly strip?: 'header' | 'none' },
): { readonly offset: number; readonly keepsHeader: boolean } => {
  const offset = wholeOption(name, 'offset', options.offset, 0, { least: 0 })
  const strip = choiceOption(name, 'strip', options.strip, ['header', 'none'])
  if (offset > 0 && strip === 'header') {
    throw new WrongOption(name, 'strip', strip, `'none': ${bytesOf(offset)} in front of the length would be lost`)
  }
  return { offset, keepsHeader: strip === 'none' }
}
