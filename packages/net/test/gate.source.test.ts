import { lines } from '@sluice/protocol'
import { map, Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, decode, fromDuplex, writeTo } from '../src/index.ts'
import { turns } from './support/turns.ts'
import { Wire } from './support/wire.ts'

/** A source of one's own: an array, emitted inside a gate while nobody holds it. */
const gatedArray = <A>(values: readonly A[]): { readonly values$: Observable<A>; readonly emitted: () => number } => {
  let next = 0
  const values$ = new Observable<A>((subscriber) => {
    let paused = false
    const gate = createGate({
      pause: () => {
        paused = true
      },
      resume: () => {
        paused = false
        emit()
      },
    })
    const emit = (): void => {
      while (!paused && next < values.length) {
        const value = values[next++] as A
        gate.run(() => {
          subscriber.next(value)
        })
      }
      if (next === values.length && !paused) subscriber.complete()
    }
    emit()
  })
  return { values$, emitted: () => next }
}

describe('a source with a gate of its own', () => {
  it('stops while the sink is full and goes on when it has drained [R3]', async () => {
    const wire = new Wire()
    wire.stall()
    const connection = fromDuplex(wire, { highWaterMark: 10 })
    const source = gatedArray(['aaaa', 'bbbb', 'cccc', 'dddd', 'eeee', 'ffff', 'gggg'])
    source.values$.pipe(writeTo(connection, { protocol: lines() })).subscribe({ error: () => undefined })
    const stopped = source.emitted()
    expect(stopped).toBeLessThan(7)
    await turns()
    expect(source.emitted()).toBe(stopped)
    wire.drainOnce()
    await turns()
    expect(source.emitted()).toBeGreaterThan(stopped)
    wire.drain()
    await turns()
    expect(wire.text).toBe('aaaa\nbbbb\ncccc\ndddd\neeee\nffff\ngggg\n')
    connection.abort()
  })

  it('stops decode in the middle of a chunk, at the very message that filled the sink [R3]', async () => {
    const wire = new Wire()
    wire.stall()
    const connection = fromDuplex(wire, { highWaterMark: 4 })
    const seen: string[] = []
    const source = gatedArray([Buffer.from('a\nb\nc\nd\ne\n'), Buffer.from('f\ng\n')])
    const upper = map((line: string) => {
      seen.push(line)
      return line.toUpperCase()
    })
    source.values$
      .pipe(decode(lines()), upper, writeTo(connection, { protocol: lines() }))
      .subscribe({ error: () => undefined })
    expect(seen).toEqual(['a', 'b'])
    expect(connection.unsentBytes).toBe(4)
    wire.drainOnce()
    await turns()
    expect(seen.length).toBeLessThan(7)
    wire.drain()
    await turns()
    expect(wire.text).toBe('A\nB\nC\nD\nE\nF\nG\n')
    connection.abort()
  })
})
