/** The trend of every pair, as a chartist sees it: a fast average of its closes less a slow one. */

/** Periods of the two averages, in bars: what planted causes act with, and what traders see. */
export const trendBars = { fast: 24, slow: 96 } as const

export class Trends {
  private readonly fast: Float64Array
  private readonly slow: Float64Array

  /** @param prices where the averages begin. */
  constructor(prices: Float64Array) {
    this.fast = prices.slice()
    this.slow = prices.slice()
  }

  /** EMA(24) − EMA(96) of a pair's closes, USD. */
  of(pair: number): number {
    return (this.fast[pair] as number) - (this.slow[pair] as number)
  }

  /** Takes every pair's close. */
  update(closes: Float64Array): void {
    for (let i = 0; i < closes.length; i++) {
      const close = closes[i] as number
      this.fast[i] = (this.fast[i] as number) + (2 / (trendBars.fast + 1)) * (close - (this.fast[i] as number))
      this.slow[i] = (this.slow[i] as number) + (2 / (trendBars.slow + 1)) * (close - (this.slow[i] as number))
    }
  }

  save() {
    return { fast: this.fast.slice(), slow: this.slow.slice() }
  }

  restore(state: ReturnType<Trends['save']>): void {
    this.fast.set(state.fast)
    this.slow.set(state.slow)
  }
}
