/** A trading process that is killed, at any instant and between any two stages of a tick, loses nothing and doubles nothing; by higher counts at night. */

import { test } from 'vitest'
import { killAtRandom, killBetweenStages, killWhileArchiving, killWhileHalted, killWhileLocked } from './live-killing.js'

test('C1: killed at random instants, it loses no acknowledged trade and doubles none', async () => {
  await killAtRandom(4)
}, 120_000)

test('C2: killed between any two stages of a tick, it goes on as if it had not been', async () => {
  await killBetweenStages(1)
}, 180_000)

test('C2: killed at any stage of closing a segment of the journal, it loses no row, and all of it replays', async () => {
  await killWhileArchiving(1)
}, 240_000)

test('R1: a halt survives three kills with its reason and end; nothing is entered, and exits go on', async () => {
  await killWhileHalted(3)
}, 120_000)

test('R1: a lock of a profile survives two kills as it was; exits go on, and an operator ends it by its id', async () => {
  await killWhileLocked(2)
}, 120_000)
