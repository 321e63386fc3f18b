import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Action, Input, Phase } from '../src/lifecycle.ts'
import { transition, writable } from '../src/lifecycle.ts'

const INPUTS: readonly Input[] = ['peerFin', 'end', 'flushed', 'abort', 'gone']

/** What each input leads to, in the order of {@link INPUTS}; `-` changes nothing. */
const NEXT: Readonly<Record<Phase, string>> = {
  open: 'remoteEnded ending - aborting closed',
  remoteEnded: '- endingLast - aborting closed',
  ending: 'endingLast - localEnded aborting closed',
  localEnded: 'leaving - - aborting closed',
  endingLast: '- - leaving aborting closed',
  leaving: '- - - aborting closed',
  aborting: '- - - - closed',
  closed: '- - - - -',
}
const PHASES = Object.keys(NEXT) as Phase[]

/** The action an input causes where it changes anything. */
const ACTION: Readonly<Record<Input, Action>> = {
  peerFin: 'tellRemoteEnded',
  end: 'endTransport',
  flushed: 'tellLocalEnded',
  abort: 'abortTransport',
  gone: 'tellClosed',
}

const RANK: Readonly<Record<Phase, number>> = {
  open: 0,
  remoteEnded: 1,
  ending: 1,
  localEnded: 2,
  endingLast: 3,
  leaving: 4,
  aborting: 5,
  closed: 6,
}

/** All that happens on a way through the table. */
const walk = (inputs: readonly Input[]): { readonly phases: Phase[]; readonly actions: Action[] } => {
  const phases: Phase[] = ['open']
  const actions: Action[] = []
  for (const input of inputs) {
    const row = transition(phases[phases.length - 1] ?? 'open', input)
    if (row === undefined) continue
    const [next, ...todo] = row
    phases.push(next)
    actions.push(...todo)
  }
  return { phases, actions }
}

describe('the lifecycle table', () => {
  for (const phase of PHASES) {
    INPUTS.forEach((input, column) => {
      const next = NEXT[phase].split(' ')[column]
      it(`${phase} × ${input} → ${String(next)} [R11]`, () => {
        expect(transition(phase, input)).toEqual(next === '-' ? undefined : [next, ACTION[input]])
      })
    })
  }

  it('never goes back, takes each step at most once, and ends in closed whatever comes [R11]', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...INPUTS), { maxLength: 12 }), (inputs) => {
        const { phases, actions } = walk([...inputs, 'gone'])
        const ranks = phases.map((phase) => RANK[phase])
        expect(ranks).toEqual([...new Set(ranks)].sort((a, b) => a - b))
        expect(actions).toEqual([...new Set(actions)])
        expect(actions.at(-1)).toBe('tellClosed')
        expect(phases.at(-1)).toBe('closed')
      }),
      { numRuns: 2_000 },
    )
  })

  it('nothing follows closed [R10]', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...INPUTS)), (inputs) => {
        expect(walk(['gone', ...inputs])).toEqual({ phases: ['open', 'closed'], actions: ['tellClosed'] })
      }),
    )
  })

  it('both ends of both sides always lead to leaving, in every order that can happen [R11]', () => {
    const orders: readonly Input[][] = [
      ['peerFin', 'end', 'flushed'],
      ['end', 'peerFin', 'flushed'],
      ['end', 'flushed', 'peerFin'],
    ]
    for (const order of orders) expect(walk(order).phases.at(-1)).toBe('leaving')
  })

  it('writes are taken until our side ends, also after the peer has [R2][R8]', () => {
    expect(PHASES.filter(writable)).toEqual(['open', 'remoteEnded'])
  })
})
