import { lines } from '@sluice/protocol'
import { map, Subject } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { createGate, currentGate, decode } from '../src/index.ts'

describe('decode behind a gate', () => {
  const held = (texts: readonly string[]) => {
    const told: string[] = []
    const gate = createGate({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    const source$ = new Subject<Uint8Array>()
    const holder = {}
    const seen: string[] = []
    source$.pipe(decode(lines())).subscribe({
      next: (line) => {
        seen.push(line)
        currentGate()?.hold(holder)
      },
      complete: () => seen.push('completed'),
    })
    for (const text of texts) {
      gate.run(() => {
        source$.next(Buffer.from(text))
      })
    }
    const release = (): void => {
      gate.release(holder)
    }
    return { gate, told, source$, seen, release }
  }

  it('stops at the message that held it, and goes on with the next one [R3]', () => {
    const { seen, release, told } = held(['a\nb\nc\nd'])
    expect(seen).toEqual(['a'])
    release()
    expect(seen).toEqual(['a', 'b'])
    release()
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['pause'])
    release()
    expect(told).toEqual(['pause', 'resume'])
  })

  it('completes only after what it still holds [R3][R4]', () => {
    const { seen, release, source$ } = held(['a\nb\n'])
    source$.complete()
    expect(seen).toEqual(['a'])
    release()
    release()
    expect(seen).toEqual(['a', 'b', 'completed'])
  })

  it('emits nothing any more to who has left, and leaves the gate open [R14]', () => {
    const gate = createGate({ pause: () => undefined, resume: () => undefined })
    const source$ = new Subject<Uint8Array>()
    const holder = {}
    const seen: string[] = []
    const reading = source$.pipe(decode(lines())).subscribe((line) => {
      seen.push(line)
      gate.hold(holder)
    })
    gate.run(() => {
      source$.next(Buffer.from('a\nb\n'))
    })
    reading.unsubscribe()
    gate.release(holder)
    expect(seen).toEqual(['a'])
    expect(gate.held).toBe(false)
  })

  it('in a chain of two stops both, and loses and reorders nothing [R3][R4]', () => {
    const gate = createGate({ pause: () => undefined, resume: () => undefined })
    const source$ = new Subject<Uint8Array>()
    const holder = {}
    const seen: string[] = []
    const outer = lines({ encoding: 'bytes', ending: 'lf' })
    const relined = map((line: Uint8Array) => Buffer.concat([line, Buffer.from('\n')]))
    const split = map((bytes: Buffer) => Buffer.from(bytes.toString().replaceAll(',', '\n')))
    source$.pipe(decode(outer), relined, split, decode(lines())).subscribe((line) => {
      seen.push(line)
      gate.hold(holder)
    })
    gate.run(() => {
      source$.next(Buffer.from('a,b,c\nd,e\nf\n'))
    })
    for (let i = 1; i <= 6; i++) {
      expect(seen.join('')).toBe('abcdef'.slice(0, i))
      gate.release(holder)
    }
  })
})
