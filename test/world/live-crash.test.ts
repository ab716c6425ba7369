/**
 * A trading process that is killed, at any instant and between any two stages of a tick, loses nothing and doubles nothing; by higher
 * counts at night. Of kills while a segment of the journal is closed, which are the night's alone, journal-segments.test.ts has one at each stage.
 */

import { test } from 'vitest'
import { times } from '../tier.js'
import { killAtRandom, killBetweenStages, killWhileHalted, killWhileLocked } from './live-killing.js'

test('C1: killed at random instants, it loses no acknowledged trade and doubles none', async () => {
  await killAtRandom(4)
}, 120_000)

test('C2: killed between any two stages of a tick, it goes on as if it had not been', async () => {
  await killBetweenStages(1)
}, 180_000)

test('R1: a halt survives kills with its reason and end; nothing is entered, and exits go on', async () => {
  await killWhileHalted(times(1, 3))
}, 120_000)

test('R1: a lock of a profile survives kills as it was; exits go on, and an operator ends it by its id', async () => {
  await killWhileLocked(times(1, 2))
}, 120_000)
