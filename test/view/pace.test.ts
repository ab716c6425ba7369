import { expect, test } from 'vitest'
import { FramePace } from '../../src/view/index.js'

/** Looks in a second of a run, each of them so many ms long. */
function looksOfASecond(lookMs: number, slows: boolean): number {
  const pace = new FramePace()
  let looks = 0
  for (let now = 0; now < 21_000; now += 0.25) {
    if (!pace.isDue(now, slows)) continue
    pace.took(now, now + lookMs)
    now += lookMs
    if (now > 1_000) looks++
  }
  return looks / 20
}

test('a run at a chosen speed is shown 60 times a second', () => {
  expect(looksOfASecond(2, false)).toBeGreaterThan(57)
  expect(looksOfASecond(2, false)).toBeLessThanOrEqual(60)
})

test('looks take a hundredth of the time of a run that goes as fast as it can', () => {
  expect(looksOfASecond(2, true) * 2).toBeLessThanOrEqual(10)
  expect(looksOfASecond(2, true) * 2).toBeGreaterThan(8)
  expect(looksOfASecond(0.05, true)).toBeGreaterThan(57)
})

test('a run that has paused is shown at once, however dear its last look was', () => {
  const pace = new FramePace()
  for (let i = 0; i < 9; i++) pace.took(1_000, 1_100)
  expect(pace.isDue(1_200, true)).toBe(false)
  expect(pace.isDue(1_200, false)).toBe(true)
})

test('what a person has just asked for comes within a tenth of a second, however dear the last look was', () => {
  const pace = new FramePace()
  for (let i = 0; i < 9; i++) pace.took(1_000, 1_100)
  pace.hurry()
  expect(pace.isDue(1_150, true)).toBe(false)
  expect(pace.isDue(1_201, true)).toBe(true)
  pace.took(1_201, 1_301)
  expect(pace.isDue(1_500, true)).toBe(false)
})
