import { Readable } from 'node:stream'
import { WrongOption } from '@sluice/protocol'
import type { Observable } from 'rxjs'
import { iteratorPuller } from '../internal/bridges/iteratorPuller.ts'
import type { Puller } from '../internal/bridges/pull.ts'
import { pulled } from '../internal/bridges/pull.ts'
import { liftReadable } from '../internal/bridges/readableLift.ts'
import { StreamFailed } from './streamFailed.ts'

/** Options of {@link fromReadable}. */
export interface FromReadableOptions {
  /**
   * Whether unsubscribing before the end destroys the stream (cancels it, leaves the iteration). Without it
   * the stream stays as it is, with all it has not given, for the next subscriber. Default true.
   */
  readonly destroy?: boolean
}

/**
 * The bytes of a stream, with a gate: a file, standard input, a `zlib` transform, a web stream, what an
 * async generator yields. Loses nothing: a full sink pauses the stream.
 *
 * ```
 *  readable ──chunk──▶ map ──▶ writeTo(connection)      full: the readable is paused
 * ```
 *
 * One chunk at most is on its way. The end of the stream completes, and destroys nothing: a socket still
 * writes (Node's own `for await` destroys it). One subscriber at a time.
 *
 * Errors: `StreamFailed` (the stream broke, or was closed before its end) · `AlreadySubscribed` (local; the
 * first goes on) · whatever an async iterable throws, as it is. Throws `WrongOption` for a readable that gives
 * no bytes: one in object mode or with an encoding.
 *
 * ```ts
 * import { fromReadable } from '@sluice/net'
 * import { gunzipSync, createGzip } from 'node:zlib'
 * import { toArray } from 'rxjs'
 *
 * const gzip = createGzip()
 * fromReadable(gzip)
 *   .pipe(toArray())
 *   .subscribe((chunks) => console.log(gunzipSync(Buffer.concat(chunks)).toString())) // hello
 * gzip.end('hello')
 * ```
 */
export const fromReadable = (
  source: Readable | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  options: FromReadableOptions = {},
): Observable<Uint8Array> => {
  const { destroy = true } = options
  if (source instanceof Readable) {
    if (source.readableObjectMode || source.readableEncoding !== null) {
      throw new WrongOption('fromReadable()', 'readable', source.constructor.name, 'one of bytes: no encoding, no object mode') // prettier-ignore
    }
    return liftReadable(source, destroy)
  }
  if ('getReader' in source) return pulled(() => webPuller(source, destroy))
  return pulled(() => iteratorPuller(source, destroy))
}

const webPuller = (stream: ReadableStream<Uint8Array>, cancel: boolean): Puller<Uint8Array> => {
  const failed = (error: unknown): never => {
    throw new StreamFailed('readable', error)
  }
  const reader = readerOf(stream)
  return {
    next: () => reader.read().catch(failed),
    stop: () => {
      if (cancel) reader.cancel().catch(() => undefined)
      reader.releaseLock()
    },
  }
}

const readerOf = (stream: ReadableStream<Uint8Array>): ReadableStreamDefaultReader<Uint8Array> => {
  try {
    return stream.getReader()
  } catch (error) {
    throw new StreamFailed('readable', error)
  }
}
