/** A synthetic market with made news about it: each story has a value, of which a part is in the price at once and the rest comes in little by little. */

import { DAY_MS, type Root, rootOf, Stream, type TimeMs } from '../../core/index.js'
import { RampedMoves } from '../ramped-moves.js'
import type { MarketInput, MarketSource, MarketTick } from '../source.js'
import { syntheticMarket } from '../synthetic.js'
import type { SyntheticSettings } from '../synthetic-options.js'
import { retold, sentence } from './grammar.js'
import type { Headline } from './headline.js'
import { type NewsSettings, newsSettings } from './news-options.js'

const outlets = ['Chain Herald', 'Block Wire', 'Coin Ledger', 'Market Post'] as const

/** Makes the market and the news of a seed. Never ends. */
export function newsMarket(prices: SyntheticSettings, news: unknown, seed: number | string): MarketSource {
  return new NewsMarket(syntheticMarket({ ...prices, seed }), newsSettings(news), rootOf(seed), prices.startTime)
}

/** A story of the first days, for the manifest. */
interface MadeStory {
  readonly time: TimeMs
  readonly pair: string
  readonly value: number
}

class NewsMarket implements MarketSource {
  private readonly rng: Stream
  private readonly moves = new RampedMoves()
  /** Printed, and not yet due. */
  private waiting: Headline[] = []
  private numbered = 0
  private noted: ((story: MadeStory) => void) | null = null

  constructor(
    private readonly prices: MarketSource,
    private readonly settings: NewsSettings,
    private readonly root: Root,
    private readonly startTime: TimeMs,
  ) {
    this.rng = new Stream(root, 'news')
  }

  get barMs(): number {
    return this.prices.barMs
  }

  get pairs(): readonly string[] {
    return this.prices.pairs
  }

  /** Headlines first, then the bars: what is printed within a bar is known when it ends. */
  next(): MarketTick | undefined {
    const tick = this.prices.next()
    if (tick === undefined) return undefined
    if (tick.step) this.happen(tick.time)
    const inputs: MarketInput[] = []
    const due = this.waiting.filter(({ publishedAt }) => publishedAt <= tick.time)
    if (due.length > 0) this.waiting = this.waiting.filter(({ publishedAt }) => publishedAt > tick.time)
    for (const headline of due.sort((a, b) => a.publishedAt - b.publishedAt)) inputs.push({ kind: 'headline', headline })
    for (const input of tick.inputs) inputs.push(input.kind === 'bar' ? { kind: 'bar', bar: this.moves.moved(input.bar) } : input)
    this.moves.settle(tick.time)
    return { ...tick, inputs }
  }

  /** What happens within the bar that ends at `end`. */
  private happen(end: TimeMs): void {
    const { settings, rng, pairs } = this
    const bars = DAY_MS / this.barMs
    for (const pair of pairs) if (rng.float() < settings.storiesPerDay / bars) this.story(pair, end - this.barMs * rng.float())
    if (rng.float() < settings.noisePerDay / bars) this.print(sentence(rng, '', 0), end - this.barMs * rng.float())
  }

  private story(pair: string, at: TimeMs): void {
    const { settings, rng, barMs } = this
    const { pricedAtOnce: part, lagBars } = settings
    // No story takes more than nine tenths of a price.
    const value = Math.max(-0.9, rng.normal(0, settings.valueSd))
    this.noted?.({ time: Math.round(at), pair, value })
    // What is priced at once is in the price of this bar, before anybody has printed it.
    const start = Math.floor(at)
    this.moves.add({ start, end: start, pairs: [pair], move: value * part })
    if (part < 1) this.moves.add({ start, end: start + lagBars * barMs, pairs: [pair], move: value * (1 - part) })
    const sign = value >= 0 ? 1 : -1
    for (const _ of outlets) {
      const said = rng.float() < settings.wrong ? -sign : sign
      const text = sentence(rng, nameOf(pair), said as 1 | -1)
      const printed = at + rng.exponential(1 / Math.max(1, settings.delayMs))
      this.print(text, printed)
      if (rng.float() < settings.repeats) this.print(retold(rng, text), printed + 3_600_000 * rng.float())
    }
  }

  private print(text: string, at: TimeMs): void {
    this.numbered++
    const outlet = outlets[this.numbered % outlets.length] as string
    this.waiting.push({ id: `${this.numbered}`, outlet, publishedAt: Math.round(at), text })
  }

  save(): unknown {
    const { numbered, waiting } = this
    return { prices: this.prices.save(), rng: this.rng.saveState(), moves: this.moves.save(), waiting: [...waiting], numbered }
  }

  restore(saved: unknown): void {
    const { prices, rng, moves, waiting, numbered } = saved as NewsState
    this.prices.restore(prices)
    this.rng.loadState(rng)
    this.moves.restore(moves)
    this.waiting = [...waiting]
    this.numbered = numbered
  }

  describe(): Record<string, unknown> {
    const { settings, startTime: from } = this
    const to = from + settings.truthDays * DAY_MS
    return { ...this.prices.describe(), kind: 'news', news: { options: settings, truth: { from, to, stories: this.truth(to) } } }
  }

  /** The stories of the first days, made again by themselves. */
  private truth(to: TimeMs): MadeStory[] {
    const { settings, startTime, root, barMs, pairs } = this
    const again = new NewsMarket(silent(barMs, pairs), settings, root, startTime)
    const stories: MadeStory[] = []
    again.noted = story => stories.push(story)
    for (let end = startTime + barMs; end <= to; end += barMs) again.happen(end)
    return stories
  }
}

interface NewsState {
  readonly prices: unknown
  readonly rng: ReturnType<Stream['saveState']>
  readonly moves: ReturnType<RampedMoves['save']>
  readonly waiting: readonly Headline[]
  readonly numbered: number
}

/** Prices that nobody asks for. */
function silent(barMs: number, pairs: readonly string[]): MarketSource {
  return { barMs, pairs, next: () => undefined, save: () => null, restore: () => {}, describe: () => ({}) }
}

/** By which name stories call the asset of a pair. */
function nameOf(pair: string): string {
  return names[pair] ?? pair.replace(/USD$/, '')
}

const names: Readonly<Record<string, string>> = {
  XXBTZUSD: 'Bitcoin',
  XETHZUSD: 'Ethereum',
  SOLUSD: 'Solana',
  ADAUSD: 'Cardano',
  DOTUSD: 'Polkadot',
  LINKUSD: 'Chainlink',
  DOGEUSD: 'Dogecoin',
  ATOMUSD: 'Cosmos',
  XLMUSD: 'Stellar',
  ALGOUSD: 'Algorand',
  FILUSD: 'Filecoin',
  XTZUSD: 'Tezos',
  UNIUSD: 'Uniswap',
}
