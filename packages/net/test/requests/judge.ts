import type { Asking } from './asking.ts'
import type { Schedule } from './schedule.ts'

/** All that is wrong with how the requests of a schedule went. */
export const judge = ({
  asked,
  schedule,
}: {
  readonly asked: readonly Asking[]
  readonly schedule: Schedule
}): string[] =>
  asked.flatMap((one) => wrongOf(one, schedule).map((what) => `${one.name}: ${what}; told ${one.told.join(', ')}`))

const ENDS = ['done', 'left', 'RequestTimedOut', 'RequestCancelled', 'RequestLost', 'WindowFull', 'ClientClosed']

const wrongOf = (one: Asking, { streaming, retry, steps, last }: Schedule): string[] => {
  const { told, how, error, name, peers } = one
  const wrong: string[] = []
  const ends = told.filter((what) => !what.startsWith('answer'))
  const answers = told.filter((what) => what.startsWith('answer'))
  // once, and nothing after it
  if (ends.length !== 1 || told.at(-1) !== ends[0]) wrong.push(`settled ${String(ends.length)} times`)
  if (!ends.every((end) => ENDS.includes(end))) wrong.push('an end that is none')
  // its own answers, whole ones last, each once
  if (!answers.every((answer) => answer.replace('…', '').endsWith(` ${name}`))) wrong.push('the answer of another')
  if (!streaming && answers.length > 1) wrong.push('several answers')
  if (answers.slice(0, -1).some((answer) => !answer.endsWith('…'))) wrong.push('an answer after the last')
  if (ends[0] === 'done' && (answers.length === 0 || answers.at(-1)?.endsWith('…') === true))
    wrong.push('done too early')
  // each cause only where it was given
  const did = (does: string): boolean => steps.some((step) => step.does === does)
  if (ends[0] === 'RequestTimedOut' && how.timeoutMs === Infinity) wrong.push('timed out, without a time')
  if (ends[0] === 'RequestCancelled' && !one.aborted) wrong.push('cancelled, and nobody did')
  if (ends[0] === 'RequestLost' && !did('lose') && !did('end') && !did('refuse')) wrong.push('lost, and nothing was')
  if (ends[0] === 'ClientClosed' && last === 'answered') wrong.push('closed, and all were answered')
  // what was not sent was not heard; nothing is said twice that may not be
  if (error?.sent === false && peers.length > 0) wrong.push('heard, and never sent')
  if (peers.length > 1 && !(retry && how.idempotent)) wrong.push(`heard ${String(peers.length)} times`)
  if (peers.length > 3) wrong.push('asked again more often than may be')
  return wrong
}
