/** The crash tests of live trading by the counts of the night: C1 200, C2 5 at each stage, R1 50. */

import { expect, test } from 'vitest'
import { killAtRandom, killBetweenStages, killWhileArchiving, killWhileHalted } from '../world/live-killing.js'

test('C1: killed 200 times at random instants, it loses and doubles no acknowledged trade, and is back within 2 s', async () => {
  expect(await killAtRandom(200)).toBeLessThan(2_000)
})

test('C2: killed between any two stages of a tick, five times at each, it goes on as if it had not been', async () => {
  await killBetweenStages(5)
})

test('C2: killed at any stage of closing a segment of the journal, five times at each, it loses no row, and all of it replays', async () => {
  await killWhileArchiving(5)
})

test('R1: a halt survives fifty kills', async () => {
  await killWhileHalted(50)
})
