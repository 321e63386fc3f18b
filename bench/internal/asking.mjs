// What every client of the throughput bench shares.
import { obey, say } from './children.mjs'
import './served.mjs'

/** @type {{ port: number, size: number, connections: number, depth: number }} */
export const settings = JSON.parse(process.argv[2] ?? '{}')

/** The request, without its ending. */
export const LINE = 'x'.repeat(settings.size - 1)

/** Counts answers between two moments. */
export const measure = () => {
  const asked = { answers: 0 }
  let began = 0
  obey({
    begin: () => {
      asked.answers = 0
      began = performance.now()
    },
    end: () => say({ tag: 'end', work: asked.answers, seconds: (performance.now() - began) / 1000, wrong: 0 }),
  })
  say({ tag: 'ready' })
  return asked
}
