// What the same laws are under every runner: one test each. The last two are of what is broken.
import { lines } from '@sluice/protocol'
import { operatorLaws, protocolLaws } from '@sluice/testing'
import fc from 'fast-check'
import { map } from 'rxjs'

const good = lines({ maxFrameBytes: 16 })
const lossy = {
  ...good,
  name: 'lossy',
  decoder: () => {
    const decoder = good.decoder()
    return {
      buffered: 0,
      push: (chunk, emit) => decoder.push(chunk, (line) => emit(line.slice(0, 1))),
      end: (emit) => decoder.end(emit),
      unread: () => decoder.unread(),
    }
  },
}
const message = fc.stringMatching(/^[a-z]{0,4}$/)
const about = { runs: 20, seed: 7 }

/** Hands every law over, as a name and a function. */
export const laws = (test) => {
  for (const law of protocolLaws(good, { message, ...about })) test(`lines: ${law.name}`, law.run)
  for (const law of operatorLaws(() => map((n) => n + 1), { value: fc.nat(), ...about }))
    test(`map: ${law.name}`, law.run)
  const [roundTrip] = protocolLaws(lossy, { message, ...about })
  test(`lossy: ${roundTrip.name}`, roundTrip.run)
  let count = 0
  const [afresh] = operatorLaws(() => map(() => count++), { value: fc.nat(), ...about })
  test(`counting: ${afresh.name}`, afresh.run)
}
