/** The supervisor and the notifier by the counts of the night. */

import { expect, test } from 'vitest'
import { notified } from '../../ops/notifying.js'
import { harmed, lightChild, supervising, temporary } from '../../ops/supervising.js'

/** Looks that a supervisor takes in eight hours, one a second. */
const looksOfEightHours = 8 * 3_600
const lookMs = 25

test('harmed 200 times it is back within 5 s of the detection, and no trade is lost or doubled', async () => {
  let seed = 1
  // A plain congruence is chance enough for pauses.
  const chance = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed / 2_147_483_647
  }
  expect(await harmed(200, chance)).toBeLessThan(5_000)
}, 7_200_000)

test('in as many looks as eight hours have, nothing that is well is restarted', async () => {
  const folder = temporary()
  const { supervisor, stop } = supervising(folder, [lightChild(folder, 'live')], { watchMs: lookMs, checkMs: 60 * lookMs })
  await new Promise(resolve => setTimeout(resolve, looksOfEightHours * lookMs))
  expect(supervisor.status.children[0]).toMatchObject({ restarts: 0, level: 'full', faults: [] })
  await stop()
}, 3_600_000)

test('of 1,000 notices from a sender that is killed twenty times each is delivered, each P0 too, and the audit is exact', async () => {
  await notified(1_000, 20)
}, 1_800_000)
