import { inspect } from 'node:util'

/** What stands in brackets behind a tag: the first of these that there is. */
const TELLING = ['cause', 'clock', 'reason', 'error', 'action', 'bytes', 'messages'] as const

/** A value as a word of a timeline: `Closed(Finished)`, `Data(5)`, `hello`, `"two words"`. */
export const showMoment = (value: unknown): string => {
  if (typeof value === 'string') return /^[A-Za-z_]\w*$/.test(value) ? value : JSON.stringify(value)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return String(value)
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('latin1'))
  const tag = tagOf(value)
  if (tag === null) return `${typeof value}(${inspect(value, { breakLength: Infinity, compact: true })})`
  const detail = detailOf(value)
  return detail === null ? tag : `${tag}(${detail})`
}

/** The name of an error in a timeline. */
export const showError = (error: unknown): string =>
  tagOf(error) ?? (error instanceof Error ? error.name : showMoment(error))

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const tagOf = (value: unknown): string | null => {
  const tag = field(value, '_tag')
  return typeof tag === 'string' ? tag : null
}

const detailOf = (value: unknown): string | null => {
  const name = TELLING.find((one) => field(value, one) !== undefined)
  const detail = name === undefined ? undefined : field(value, name)
  if (detail === undefined) return null
  if (name === 'cause') return showCauseTag(detail)
  if (name === 'error') return showError(detail)
  return typeof detail === 'string' ? detail : showMoment(detail)
}

/** `Finished`, `TimedOut(silence)`. */
const showCauseTag = (cause: unknown): string => {
  const clock = field(cause, 'clock')
  const tag = tagOf(cause) ?? showMoment(cause)
  return typeof clock === 'string' ? `${tag}(${clock})` : tag
}
