import { expect, it } from 'vitest'
import { type ArchiveRow, patternsOf } from '../../src/report/archive.js'
import { bucketsOf } from '../../src/report/down-sample.js'

const cause = { kind: 'sparse', driver: 'code:Rust', pair: 'SOLUSD', lag: 0, horizon: 12, sign: 1, strength: 3 }
const market = {
  planted: [
    cause,
    { ...cause, driver: 'code:Go', pair: 'ADAUSD', horizon: 1 },
    { ...cause, driver: 'code:Python', pair: 'XXBTZUSD', horizon: 4 },
  ],
  persistence: ['DOTUSD', 'XETHZUSD'].map(pair => ({ pair, share: 0.002, halfLife: 48 })),
}
const steps = Float64Array.of(1, 2)
const clock = { x: steps, steps, timed: false, buckets: bucketsOf(2, 10) }

function truthOf(pattern: string): string | undefined {
  const row = { pattern, status: 'approved', step: 1, moat: '', product: '', signal_type: '', sign: 1, score: 1 }
  const archived: ArchiveRow = { ...row, pattern_value: 0, placebo: 0, agent: '' }
  return patternsOf([archived], market, clock).approved[0]?.truth
}

it.each([
  ['code:Rust|level|0|SOLUSD|12', 'planted'],
  ['finance:own-return|level|0|SOLUSD|4', 'echo'],
  ['finance:own-return|level|1|DOTUSD|1', 'echo'],
  ['finance:own-return|level|0|ADAUSD|1', 'not planted'],
  ['finance:own-return|level|0|XTZUSD|1', 'not planted'],
  ['finance:btc-return|level|0|SOLUSD|1', 'not planted'],
  ['finance:btc-return|level|0|XXBTZUSD|1', 'echo'],
  ['finance:eth-return|level|2|XETHZUSD|4', 'echo'],
  ['finance:eth-return|level|2|XXBTZUSD|4', 'not planted'],
  ['finance:btc-return|level|0|DOTUSD|1', 'not planted'],
])('returns follow returns where a cause lasts for bars or a drift was planted, and nowhere else: %s is %s', (pattern, truth) => {
  expect(truthOf(pattern)).toBe(truth)
})
