/** A market whose moat streams arrive late from some bar on: the same streams and prices, no longer related. A control. */

import type { MarketInput, MarketSource, MarketTick } from 'mycelia/market'

export class LateSignals implements MarketSource {
  readonly barMs: number
  readonly pairs: readonly string[]
  private bar = 0
  /** Every stream's values of the last `bars` bars, oldest first. */
  private readonly past: MarketInput[][] = []

  constructor(
    private readonly market: MarketSource,
    private readonly since: number,
    private readonly bars: number,
  ) {
    this.barMs = market.barMs
    this.pairs = market.pairs
  }

  next(): MarketTick | undefined {
    const tick = this.market.next()
    if (tick === undefined) return undefined
    const signals = tick.inputs.filter(input => input.kind === 'signal')
    this.past.push(signals)
    const old = this.past.length > this.bars ? this.past.shift() : undefined
    if (tick.step) this.bar++
    if (this.bar <= this.since) return tick
    const inputs = tick.inputs.filter(input => input.kind !== 'signal')
    return { ...tick, inputs: [...(old ?? []).map(input => restamped(input, tick.time)), ...inputs] }
  }

  save(): never {
    throw new Error('A control is run from start to end.')
  }

  restore(): never {
    throw new Error('A control is run from start to end.')
  }

  describe(): Record<string, unknown> {
    return { ...this.market.describe(), signalsLateBy: this.bars, since: this.since }
  }
}

function restamped(input: MarketInput, time: number): MarketInput {
  return input.kind === 'signal' ? { kind: 'signal', signal: { ...input.signal, time } } : input
}
