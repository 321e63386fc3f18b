// A client with requests in flight, by Sluice: each answer is followed by the next request.
import { from, map, merge, mergeMap, range } from 'rxjs'
import { connect, lines, speak } from 'sluice'
import { LINE, measure, settings } from '../internal/asking.mjs'

const { port, connections, depth } = settings
const asked = measure()
range(0, connections)
  .pipe(
    mergeMap(() => connect({ host: '127.0.0.1', port })),
    speak(lines(), (in$) =>
      merge(
        from(Array.from({ length: depth }, () => LINE)),
        in$.pipe(
          map(() => {
            asked.answers++
            return LINE
          }),
        ),
      ),
    ),
  )
  .subscribe()
