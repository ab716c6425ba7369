import { describe, expect, it } from 'vitest'
import { mean, pairs, type Run, returnsOf, runMarket, tStatistic } from './synthetic-kit.js'

// Volatility of 5 % a bar: a market fair in log price only would gain σ²/2 = 0.125 % a bar, and one whose path jumps over
// levels would favour stops or targets by as much, each more than 10 standard errors here.
const options = { pairs, hourlyVolatility: 0.05 }
const seeds = Array.from({ length: 150 }, (_, i) => i + 1)
const runs: Run[] = seeds.map(seed => runMarket({ seed, ...options }, 600))

/** t over seeds (independent) of a mean over pairs and bars (not independent). */
function fairness(of: (run: Run, pair: string) => number[]): number {
  return tStatistic(runs.map(run => mean(pairs.map(pair => mean(of(run, pair))))))
}

/** Results of entering at every `hold`-th open, held for `hold` bars, with a stop and a target as fractions of the entry. */
function trades(run: Run, pair: string, hold: number, stop: number, target: number): number[] {
  const bars = run.bars.get(pair) ?? []
  const results: number[] = []
  for (let i = 0; i + hold <= bars.length; i += hold) results.push(exitPrice(bars.slice(i, i + hold), stop, target) - 1)
  return results
}

function exitPrice(bars: { open: number; high: number; low: number; close: number }[], stop: number, target: number): number {
  const entry = bars[0]?.open ?? 1
  for (const bar of bars) {
    const [open, high, low] = [bar.open / entry, bar.high / entry, bar.low / entry]
    if (open <= 1 - stop || open >= 1 + target) return open
    if (low <= 1 - stop) return 1 - stop
    if (high >= 1 + target) return 1 + target
  }
  return (bars.at(-1)?.close ?? 0) / entry
}

describe('with nothing planted, the synthetic market is a fair game', () => {
  it('no look-ahead, honest portfolios: the mean simple return is 0', () => {
    expect(Math.abs(fairness(returnsOf))).toBeLessThan(3)
  })

  it('returns cannot be told from what came before: the last return, the last range, a stream', () => {
    const following = (signal: (run: Run, pair: string, i: number) => number) => (run: Run, pair: string) =>
      returnsOf(run, pair).flatMap((r, i) => (i === 0 ? [] : [r * signal(run, pair, i - 1)]))
    const returnSign = following((run, pair, i) =>
      Math.sign((run.bars.get(pair)?.[i]?.close ?? 0) - (run.bars.get(pair)?.[i]?.open ?? 0)),
    )
    const wide = following((run, pair, i) => {
      const bar = run.bars.get(pair)?.[i]
      return bar !== undefined && bar.high / bar.low > 1.08 ? 1 : 0
    })
    const stream = following((run, _, i) => run.streams.get('code:Rust')?.[i] ?? 0)
    expect(Math.abs(fairness(returnSign))).toBeLessThan(3)
    expect(Math.abs(fairness(wide))).toBeLessThan(3)
    expect(Math.abs(fairness(stream))).toBeLessThan(3)
  })

  it.each([
    ['stops alone, within one bar', 1, 0.03, 9],
    ['targets alone, within one bar', 1, 9, 0.03],
    ['near stops, over ten bars and their gaps', 10, 0.02, 9],
    ['far stops, over ten bars', 10, 0.1, 9],
    ['near targets, over ten bars', 10, 9, 0.02],
    ['far targets, over ten bars', 10, 9, 0.1],
  ])('an exit at a level its bars touch is worth 0: %s', (_, hold, stop, target) => {
    expect(Math.abs(fairness((run, pair) => trades(run, pair, hold, stop, target)))).toBeLessThan(3)
  })

  it('a stop that wins ties costs little, since few bars touch both levels of a bracket', () => {
    let both = 0
    let all = 0
    for (const run of runs) {
      for (const b of run.bars.get('SOLUSD') ?? []) {
        all++
        if (b.high >= b.open * 1.05 && b.low <= b.open * 0.95) both++
      }
    }
    expect(both / all).toBeLessThan(0.05)
    expect(both).toBeGreaterThan(0)
  })

  it('wicks are about as long as real ones: mean range over mean |close − open| is 2.1 in real hourly crypto', () => {
    const ratio = mean(
      runs.map(run => {
        const bars = run.bars.get('XXBTZUSD') ?? []
        return mean(bars.map(b => (b.high - b.low) / b.open)) / mean(bars.map(b => Math.abs(b.close / b.open - 1)))
      }),
    )
    // 1.39 for a single leg, 2 for a Brownian path of fixed length
    expect(ratio).toBeGreaterThan(1.6)
    expect(ratio).toBeLessThan(2.2)
  })
})
