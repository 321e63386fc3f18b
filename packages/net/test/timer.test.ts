import { describe, expect, it } from 'vitest'
import { Timer } from '../src/internal/time/timer.ts'
import { VirtualClock } from './support/virtualClock.ts'

describe('the timer of a connection', () => {
  it('is one, also where what has expired arms it again: nothing runs on when it is stopped [R14]', () => {
    const clock = new VirtualClock()
    let dueAt = 10
    const timer = new Timer(clock, {
      dueAt: () => dueAt,
      expire: () => {
        dueAt = 100
        timer.armAt(50)
      },
    })
    timer.arm()
    clock.advance(20)
    timer.stop()
    expect(clock.actions.filter(({ closed }) => !closed)).toEqual([])
  })
})
