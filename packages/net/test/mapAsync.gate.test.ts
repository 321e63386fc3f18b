import { from, NEVER, Observable, of, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, currentGate, mapAsync, mapAsyncUnordered } from '../src/index.ts'
import { bench, heard } from './support/work.ts'

describe('mapAsync and the gate of its source', () => {
  const gated = (parallelism: number, work: (message: string) => Observable<string>) => {
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const messages$ = new Subject<string>()
    const gates: unknown[] = []
    messages$.pipe(mapAsync(parallelism, work)).subscribe(() => gates.push(currentGate()))
    const say = (text: string): void => {
      gate.run(() => {
        messages$.next(text)
      })
    }
    return { gate, told, gates, say }
  }

  it('holds it while so many are in flight [R3]', () => {
    const { work, finish } = bench()
    const { told, say } = gated(2, work)
    say('a')
    expect(told).toEqual([])
    say('b')
    expect(told).toEqual(['pause'])
    finish('a')
    expect(told).toEqual(['pause', 'resume'])
  })

  it('leaves its source before it lets it go on, so that nothing is taken and lost [R14]', () => {
    const taken: string[] = []
    const offered = ['a', 'b', 'c']
    const source$ = new Observable<string>((subscriber) => {
      const offer = (): void => {
        while (!gate.held && !subscriber.closed) {
          const message = offered.shift()
          if (message === undefined) return
          gate.run(() => {
            subscriber.next(message)
          })
        }
      }
      const gate = createGate({ pause: () => undefined, resume: offer })
      offer()
    })
    const work = (message: string): Observable<never> => {
      taken.push(message)
      return NEVER
    }
    source$.pipe(mapAsync(1, work)).subscribe().unsubscribe()
    expect(taken).toEqual(['a'])
    expect(offered).toEqual(['b', 'c'])
  })

  it('emits each answer in it, so that a full sink behind holds that source [R3]', () => {
    const { work, finish } = bench()
    const { gate, gates, say } = gated(2, work)
    say('a')
    finish('a')
    expect(gates).toEqual([gate])
    expect(currentGate()).toBe(null)
  })
})

describe('mapAsyncUnordered', () => {
  it('emits each answer as soon as it is there, and refills its slot', () => {
    const { started, work, finish } = bench()
    const seen = heard(from(['a', 'b', 'c', 'd']).pipe(mapAsyncUnordered(2, work)))
    finish('b')
    expect([seen, started]).toEqual([['B'], ['a', 'b', 'c']]) // prettier-ignore
    finish('c')
    finish('d')
    finish('a')
    expect(seen).toEqual(['B', 'C', 'D', 'A', 'completed'])
  })

  it('fails at once [R27]', () => {
    const { work, answers, cancelled } = bench()
    const error = new Error('oh')
    const seen = heard(of('a', 'b').pipe(mapAsyncUnordered(2, work)))
    answers.get('b')?.error(error)
    expect(seen).toEqual([error])
    expect(cancelled).toContain('a')
  })
})
