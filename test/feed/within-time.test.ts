import { getEventListeners } from 'node:events'
import { expect, it } from 'vitest'
import { withinTime } from '../../src/feed/within-time.js'

const aborted = (signal: AbortSignal) =>
  new Promise<string>(resolve => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'))
  })

it('gives what the work gives, and leaves nothing on the signal it was given', async () => {
  const run = new AbortController()
  const before = Reflect.ownKeys(run.signal)
  for (let i = 0; i < 100; i++) expect(await withinTime(1_000, run.signal, async () => i)).toBe(i)
  await expect(withinTime(1_000, run.signal, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(getEventListeners(run.signal, 'abort')).toEqual([])
  // Where AbortSignal.any leaves its own trace.
  expect(Reflect.ownKeys(run.signal)).toEqual(before)
})

it('aborts the work after its time, with the signal it was given, and at once where that has been aborted', async () => {
  expect(await withinTime(10, undefined, aborted)).toBe('aborted')
  const run = new AbortController()
  const work = withinTime(60_000, run.signal, aborted)
  run.abort()
  expect(await work).toBe('aborted')
  expect(await withinTime(60_000, run.signal, aborted)).toBe('aborted')
})
