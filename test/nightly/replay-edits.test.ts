/** A longer run, and more single-row edits of its ledger at random: each is found and named. */

import { beforeAll, expect, test } from 'vitest'
import { notFound } from '../world/edited-ledger.js'
import { type Recorded, recorded } from '../world/recorded-run.js'

let original: Recorded
beforeAll(async () => {
  original = await recorded(300_000)
}, 300_000)

test('2,000 random single-row edits of a finished run are each found and named', async () => {
  const seed = Math.floor(Date.now() / 1_000)
  const { made, missed } = await notFound(original.copy(), 2_000, seed)
  expect(missed, `seed ${seed}`).toEqual([])
  expect(made.length).toBeGreaterThanOrEqual(2_000)
}, 3_600_000)
