import * as E from 'fp-ts/lib/Either.js'

/** Escape sequences move the cursor and bidirectional marks reorder a line: neither comes from a member. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

/** Text that can only add characters to the line it is printed on. */
export const printable = (text: string): string => text.replaceAll('\t', ' ').replace(UNPRINTABLE, '\ufffd').trimEnd()

const MOST_CHARACTERS = 24
/** Visible, without spaces, and the two joiners that some scripts and emoji need between characters. */
const NICKNAME = /^(?!\p{M})[\p{L}\p{M}\p{N}\p{P}\p{S}\u200c\u200d]+$/u
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u2800]/gu
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A nickname, or why it is none. */
export const nickname = (text: string): E.Either<string, string> => {
  const name = text.trim().normalize('NFC')
  if (name === '') return E.left('it is empty')
  if (!NICKNAME.test(name) || nicknameKey(name) === '') return E.left('it has a space, or something unprintable')
  if (/^\/|[<>]/.test(name)) return E.left('it begins with /, or has < or >')
  // a character is what a person sees as one; any number of accents can be piled up on it
  const characters = [...graphemes.segment(name)].length
  if (characters > MOST_CHARACTERS || [...name].length > 4 * MOST_CHARACTERS) {
    return E.left(`it is longer than ${String(MOST_CHARACTERS)} characters`)
  }
  return E.right(name)
}

/** Two nicknames with the same key would be taken for one another: `Ann`, `ann`, and fullwidth `ａｎｎ`. */
export const nicknameKey = (name: string): string => name.replace(INVISIBLE, '').normalize('NFKC').toUpperCase()
