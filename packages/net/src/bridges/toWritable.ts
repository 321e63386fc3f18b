import type { Writable } from 'node:stream'
import type { OperatorFunction } from 'rxjs'
import { Observable } from 'rxjs'
import { wholeOption } from '../internal/connection/settings.ts'
import { WritableSink } from '../internal/bridges/writableSink.ts'

/** Options of {@link toWritable}. */
export interface ToWritableOptions {
  /** Whether the completion of the source ends the writable. Default true. */
  readonly end?: boolean
  /**
   * How many chunks may come although the writable is over its high-water mark, from where no gate can be
   * held. Beyond it: `QueueFull`. Default 1,024.
   */
  readonly maxQueued?: number
}

/**
 * Writes every chunk to a Node `Writable`: a file, standard output, a `zlib` transform. Loses nothing: while
 * the writable is over its high-water mark, the gate of whatever feeds it is held.
 *
 * ```
 *  in   ──a──b──c──|
 *  out  ──────────────|     nothing; completes when all is flushed
 * ```
 *
 * Unsubscribing is unpiping: what was written goes its way, and the writable stays open, neither ended nor
 * destroyed. So it does when the source fails.
 *
 * Errors: `StreamFailed` (the writable broke, was closed or ended by somebody else; the source is
 * unsubscribed) · `QueueFull` (local, as `maxQueued` says) · `NotEncodable` (local: what is neither bytes nor
 * text). Throws `WrongOption` where `maxQueued` is no whole number from 1 on.
 *
 * ```ts
 * import { fromDuplex, toWritable } from '@sluice/net'
 * import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { Duplex, Readable } from 'node:stream'
 *
 * const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
 * const file = join(folder, 'received')
 * const connection = fromDuplex(Duplex.from(Readable.from([Buffer.from('hello')])))
 * connection.data$.pipe(toWritable(createWriteStream(file))).subscribe({
 *   complete: () => {
 *     console.log(readFileSync(file, 'utf8')) // hello
 *     rmSync(folder, { recursive: true })
 *   },
 * })
 * ```
 */
export const toWritable = (
  writable: Writable,
  options: ToWritableOptions = {},
): OperatorFunction<Uint8Array | string, never> => {
  const { end = true } = options
  const maxQueued = wholeOption('toWritable()', 'maxQueued', options.maxQueued, 1024)
  return (chunks$) =>
    new Observable((subscriber) => {
      new WritableSink(writable, subscriber, end, maxQueued).listenTo(chunks$)
    })
}
