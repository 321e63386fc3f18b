import { Observable } from 'rxjs'
import type { Inlet } from './inlet.ts'

/** `data$` of a connection. */
export const bytesOf = (inlet: Inlet): Observable<Uint8Array> =>
  new Observable<Uint8Array>((subscriber) => {
    const complete = (): void => {
      subscriber.complete()
    }
    const reader = {
      chunk: (bytes: Uint8Array): void => {
        subscriber.next(bytes)
      },
      end: complete,
      cut: complete,
      fail: (error: Error): void => {
        subscriber.error(error)
      },
      frameSince: () => null,
    }
    subscriber.add(() => {
      inlet.detach(reader)
    })
    inlet.attach(reader)
  })
