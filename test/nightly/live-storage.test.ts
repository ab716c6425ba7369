/** Every storage call of a live shard fails once, in every way: reliability.md C6 with all its N. */

import { expect, test } from 'vitest'
import { failEach } from '../world/live-failing.js'

test.each(['EIO', 'ENOSPC', 'EACCES', 'SQLITE_BUSY'])(
  'C6: %s at the Nth storage call, for every N',
  async code => {
    const { tried, stopped } = await failEach(1, () => code)
    console.log(`C6 ${code}: ${tried} calls failed, ${stopped} stopped the shard`)
    expect(tried).toBeGreaterThan(100)
    if (code !== 'SQLITE_BUSY') expect(stopped).toBeGreaterThan(100)
  },
  1_200_000,
)
