import type { Match, Moment } from './match.ts'
import type { Token } from './pattern.ts'

/** Moments as a line, with the time between them where it is known. */
export const drawMoments = (moments: readonly Moment[], timed: boolean): string =>
  moments.map((_, i) => drawMoment(moments, i, timed)).join(' ')

const drawMoment = (moments: readonly Moment[], i: number, timed: boolean): string => {
  const moment = moments[i]
  if (moment === undefined) return ''
  const gap = moment.at - (moments[i - 1]?.at ?? 0)
  return timed && gap > 0 ? `${String(gap)}ms ${moment.text}` : moment.text
}

/** Two timelines one under the other, and where they part. */
export const drawTimelines = (
  tokens: readonly Token[],
  moments: readonly Moment[],
  { owners, token }: Match,
  timed: boolean,
): string => {
  let [expected, got] = ['', '']
  const column = (above: string, below: string): void => {
    const width = Math.max(above.length, below.length)
    expected += `${above.padEnd(width)} `
    got += `${below.padEnd(width)} `
  }
  for (let i = 0; i < token; i++) {
    const own = owners.flatMap((owner, k) => (owner === i ? [drawMoment(moments, k, timed)] : []))
    column(tokens[i]?.text ?? '', own.join(' '))
  }
  // what a token that may stand for more has taken before it failed
  const begun = owners.flatMap((owner, k) => (owner === token ? [drawMoment(moments, k, timed)] : []))
  got += begun.map((text) => `${text} `).join('')
  const caret = ' '.repeat(begun.length === 0 ? expected.length : got.length)
  const [above, below] = [tokens.slice(token), moments.slice(owners.length)]
  expected += above.length === 0 ? '(nothing more)' : above.map(({ text }) => text).join(' ')
  got +=
    below.length === 0 ? '(nothing more)' : below.map((_, k) => drawMoment(moments, owners.length + k, timed)).join(' ')
  return `expected  ${expected}\ngot       ${got}\n          ${caret}^`
}
