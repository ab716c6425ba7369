/** The look-ahead check finds planted bugs, says where, and lets honest strategies and scenarios pass. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineScenario, Model, type Source, type SourceTick, z } from 'mycelia'
import {
  Analyst,
  type Bar,
  type MarketSource,
  type MarketTick,
  Swarm,
  sparseMarket,
  swarmScenario,
  type Vote,
} from 'mycelia/market'
import { describe, expect, it } from 'vitest'
import trifecta from '../../../scenarios/trifecta.js'
import wealth from '../../../scenarios/wealth.js'
import { rootOf, Stream } from '../../../src/core/index.js'
import { checkLookahead, checkStrategy } from '../../../src/experiment/lookahead/index.js'
import { mycelia, needsBuild } from '../../cli/mycelia.js'

const pairs = ['SOLUSD', 'ADAUSD']

describe('a scenario whose market is looked at a bar ahead', () => {
  /** The planted bug: a source that knows the next tick, and an analyst that asks it. */
  let ahead: MarketTick | undefined
  class Early implements MarketSource {
    private waiting: MarketTick | undefined
    constructor(private readonly market: MarketSource) {
      this.waiting = market.next()
    }
    get barMs() {
      return this.market.barMs
    }
    get pairs() {
      return this.market.pairs
    }
    next() {
      const tick = this.waiting
      this.waiting = this.market.next()
      ahead = this.waiting
      return tick
    }
    save = () => null
    restore = () => {}
    describe = () => this.market.describe()
  }
  class Clairvoyant extends Analyst {
    judge({ pair, close }: Bar): Vote {
      const next = ahead?.inputs.find(input => input.kind === 'bar' && input.bar.pair === pair)
      if (next?.kind !== 'bar') return { direction: 0, confidence: 0 }
      return { direction: next.bar.close > close ? 1 : -1, confidence: 0.9 }
    }
  }
  const honest = swarmScenario({
    name: 'peeking',
    title: 'Peeking',
    analysts: { Clairvoyant },
    market: sparseMarket(),
    steps: 100,
  })
  class PeekingSwarm extends Swarm {
    override source(world?: unknown): MarketSource {
      return new Early(super.source(world))
    }
  }
  const peeking = { ...honest, model: PeekingSwarm }

  it('is found at every place once it trades, cut off and scrambled, and the first other decision is named', async () => {
    const { found, points } = await checkLookahead({ scenario: peeking, steps: 120, points: 3, pairs })
    const trading = points.filter(point => point >= 40)
    for (const place of trading) {
      const here = found.filter(({ knownUntil }) => knownUntil === place)
      expect(here.map(({ future }) => future)).toEqual(['cut', 'scrambled'])
      for (const { step, what } of here) expect({ step, what }).toEqual({ step: place, what: 'baseline-trade-ideas' })
    }
    expect(trading.length).toBeGreaterThan(1)
  })
})

describe('honest scenarios', () => {
  it('pass: a swarm with its analysts, learners and three portfolios', async () => {
    const check = await checkLookahead({ scenario: trifecta, steps: 120, points: 4, pairs })
    expect(check).toMatchObject({ scenario: 'trifecta', steps: 120, found: [] })
    expect(check.points).toHaveLength(4)
  })

  it('pass where nothing comes from outside, and are told so', async () => {
    expect(await checkLookahead({ scenario: wealth, steps: 50 })).toMatchObject({ steps: 0, points: [], found: [] })
  })
})

describe('a model with a source of its own', () => {
  const ticks = Array.from({ length: 80 }, (_, i): SourceTick => {
    const input = { kind: 'temperature', degrees: (i * 7919) % 31 } as { kind: string }
    return { time: i + 1, step: true, inputs: [input] }
  })
  class Weather extends Model {
    seen: number[] = []
    override source(): Source {
      let at = 0
      return { next: () => ticks[at++], save: () => at, restore: () => {}, describe: () => ({}) }
    }
    override receive(input: { kind: string; degrees?: number }) {
      if (input.degrees !== undefined) this.seen.push(input.degrees)
    }
  }
  const weather = defineScenario({ name: 'weather', title: 'Weather', model: Weather, params: z.object({}) })

  it('is checked through that source, to its end', async () => {
    expect(await checkLookahead({ scenario: weather, steps: 50, points: 5 })).toMatchObject({ steps: 50, found: [] })
    expect(await checkLookahead({ scenario: weather, steps: 500, points: 5 })).toMatchObject({ steps: 80, found: [] })
  })

  it('that draws from chance of its own is refused, since it is another run each time', async () => {
    let runs = 0
    class Restless extends Weather {
      mood = 0
      override step() {
        this.mood = runs
      }
      override setup() {
        runs++
      }
    }
    const restless = { ...weather, model: Restless }
    await expect(checkLookahead({ scenario: restless, steps: 50 })).rejects.toThrow(/the same run from the same seed/)
  })
})

describe('a strategy that is a function of all bars', () => {
  const bars = Array.from({ length: 300 }, (_, i) => {
    const close = 100 + 10 * Math.sin(i / 9) + ((i * 7919) % 13) / 5
    return { time: i * 60_000, open: close, high: close + 1, low: close - 1, close, volume: 1 }
  })
  type Bars = readonly { close: number }[]
  const sign = (values: Bars, mean: (i: number) => number) => values.map(({ close }, i) => Math.sign(close - mean(i)))
  const over = (values: Bars, from: number, to: number) => {
    const part = values.slice(Math.max(0, from), to)
    return part.reduce((sum, { close }) => sum + close, 0) / part.length
  }

  it('passes with a trailing mean', () => {
    expect(checkStrategy({ bars, decide: all => sign(all, i => over(all, i - 20, i + 1)) })).toEqual([])
  })

  it('is found with a centred mean, and the bar and both decisions are named', () => {
    const found = checkStrategy({ bars, decide: all => sign(all, i => over(all, i - 10, i + 11)), points: 200 })
    expect(found.length).toBeGreaterThan(0)
    for (const { bar, knownUntil, decided, instead } of found) {
      expect(bar).toBeLessThanOrEqual(knownUntil)
      expect(bar).toBeGreaterThan(knownUntil - 11)
      expect(decided).not.toBe(instead)
    }
  })

  it('is found where it is standardised by the mean of the whole series', () => {
    const found = checkStrategy({ bars, decide: all => sign(all, () => over(all, 0, all.length)) })
    expect(new Set(found.map(({ future }) => future))).toEqual(new Set(['cut', 'scrambled']))
  })

  it('must decide the same when it is asked again, or its own chance would pass for a look ahead', () => {
    const rng = new Stream(rootOf(1), 'a strategy without a seed')
    expect(() => checkStrategy({ bars, decide: all => all.map(() => rng.int(2)) })).toThrow(
      /`decide`: expected the same decisions of the same bars, got "[01] at bar \d+, then [01]"/,
    )
  })

  it('must decide on every bar', () => {
    expect(() => checkStrategy({ bars, decide: () => [1] })).toThrow(/a decision for each of 300 bars/)
  })
})

describe('mycelia check lookahead', () => {
  /** A source that gives each tick the next one's prices as a signal of a moat, as a badly joined file would. */
  const leaking = `
import { type MarketSource, sparseMarket, Swarm, swarmScenario } from 'mycelia/market'
class Leaky extends Swarm {
  override source(world?: unknown): MarketSource {
    const market = super.source(world)
    let waiting = market.next()
    const next = () => {
      const tick = waiting
      waiting = market.next()
      const ahead = waiting?.inputs.find(input => input.kind === 'bar')
      if (tick === undefined || ahead?.kind !== 'bar') return tick
      const inputs = tick.inputs.map(input => (input.kind === 'signal' ? { ...input, signal: { ...input.signal, value: ahead.bar.close } } : input))
      return { ...tick, inputs }
    }
    return { pairs: market.pairs, barMs: market.barMs, next, save: () => null, restore: () => {}, describe: () => market.describe() }
  }
}
export default { ...swarmScenario({ name: 'leaky', title: 'Leaky', market: sparseMarket() }), model: Leaky }
`

  it('ends with 1 for a file that leaks, and names step and time; with 0 for what ships', async ctx => {
    needsBuild(ctx)
    const place = mkdtempSync(join(tmpdir(), 'lookahead-'))
    try {
      writeFileSync(join(place, 'leaky.ts'), leaking)
      const args = ['--steps', '40', '--points', '2', '--pairs', 'SOLUSD,ADAUSD']
      const found = await mycelia(place, ['check', 'lookahead', 'leaky.ts', ...args])
      expect(found.code).toBe(1)
      expect(found.stderr).toMatch(
        /leaky looks ahead: the state of the model at step \d+ \(20\S+Z\) was another when the inputs after step \d+ were cut off/,
      )
      expect(found.stdout).toContain('4 of 4 runs decided otherwise before')
      const honest = await mycelia(place, ['check', 'lookahead', 'trifecta', ...args, '--json'])
      expect({ code: honest.code, found: JSON.parse(honest.stdout).found }).toEqual({ code: 0, found: [] })
      const still = await mycelia(place, ['check', 'lookahead', 'wealth'])
      expect(still.stdout).toContain('nothing comes into it from outside')
    } finally {
      rmSync(place, { recursive: true, force: true })
    }
  })
})
