/** What the bars of the past do in a live run: everybody learns from them, nobody owns anything through them. */
import { expect, it } from 'vitest'
import type { Cell } from '../../src/core/index.js'
import { chanceCollisions } from '../../src/world/chance.js'
import { barMs, byHand } from './live-by-hand.js'

it('begins portfolios and buy-and-hold with the first bar that may be traded, and none with a bar of the past', async () => {
  const live = await byHand({ history: 60 })
  const { model } = live.shard
  const trader = () => {
    const found = model.traders.at(0)
    if (found === undefined) throw new Error('a live swarm has a trader')
    return found
  }
  const begun = () => {
    const { portfolios, buyAndHold } = trader()
    return [...Object.values(portfolios), buyAndHold].map(p => p.performance.bars)
  }
  expect(model.steps).toBeGreaterThan(30)
  expect(begun()).toEqual([0, 0, 0, 0])
  expect([...trader().buyAndHold.units]).toEqual(model.pairs.map(() => 0))
  const warm = model.steps
  live.pass(3 * barMs)
  const traded = model.steps - warm
  expect(traded).toBeGreaterThan(0)
  expect(begun()).toEqual([traded, traded, traded, traded])
  // Bought at a price of now: what it holds is worth what was spent, less its costs and what happened since.
  expect(Math.min(...trader().buyAndHold.units)).toBeGreaterThan(0)
  live.die()
})

it('leaves them out of every figure: equity tables are empty until then, and the summary says what is counted', async () => {
  const live = await byHand({ history: 60 })
  const { model, components } = live.shard
  const warm = model.steps
  live.pass(4 * barMs)
  components.sim.flush()
  const rows = [...components.outputs.blocks('model')]
  for (const name of ['baseline', 'mycelial', 'synthesized', 'buy_and_hold']) {
    const equity = rows.flatMap(columns => [...(columns[name] ?? [])])
    expect(equity).toHaveLength(model.steps)
    expect(
      equity.slice(0, warm).every(value => value === null),
      name,
    ).toBe(true)
    expect(
      equity.slice(warm).every(value => typeof value === 'number'),
      name,
    ).toBe(true)
  }
  const since = live.shard.closedUntil - (model.steps - warm - 1) * barMs
  const { tradable } = model.summary() as { tradable: { since: number; bars: number } }
  expect(tradable.bars).toBe(model.steps - warm)
  expect(tradable.since - since).toBeLessThan(3_000)
  live.die()
})

it('counts from the first bar on which the link to other processes is up, and a pair has data', async () => {
  const live = await byHand({ history: 0 })
  const { model } = live.shard
  const bars = () => model.traders.at(0)?.buyAndHold.performance.bars
  const tell = (...inputs: object[]) => live.shard.run({ time: live.shard.time + 1, step: false, inputs: inputs as never[] })
  tell({ kind: 'link', since: live.clock.now() })
  live.pass(2 * barMs)
  expect(model.steps).toBeGreaterThan(0)
  expect(bars()).toBe(0)
  tell({ kind: 'link', since: null }, ...model.pairs.map(pair => ({ kind: 'stale', pair, since: live.clock.now() })))
  live.pass(2 * barMs)
  expect(bars()).toBe(0)
  tell({ kind: 'stale', pair: model.pairs[0], since: null })
  live.pass(2 * barMs)
  expect(bars()).toBe(2)
  // Once begun, it goes on to count: what is held moves, whether or not more may be entered.
  tell({ kind: 'link', since: live.clock.now() })
  live.pass(2 * barMs)
  expect(bars()).toBe(4)
  live.die()
})

it('compares collisions with chance over the bars that could be traded alone', () => {
  const start = Date.UTC(2026, 0, 1)
  const ideas = (source: string, every: number) =>
    Array.from({ length: 40 }, (_, i) => ({
      source,
      pair: 'SOLUSD',
      direction: 1,
      decided_at: start + i * every * barMs,
      bar_ms: barMs,
    }))
  const columnsOf = (rows: readonly Record<string, Cell>[]) =>
    Object.fromEntries(Object.keys(rows[0] ?? {}).map(name => [name, rows.map(row => row[name] as Cell)]))
  const bars = (from: number, to: number, equity: number | null) =>
    Array.from({ length: to - from }, (_, i) => ({ time: start + (from + i) * barMs, buy_and_hold: equity }))
  const chance = (model: readonly Record<string, Cell>[]) => {
    const tables: Record<string, readonly Record<string, Cell>[]> = {
      model,
      ideas: [...ideas('mycelial', 3), ...ideas('baseline', 2)],
    }
    return chanceCollisions({ blocks: (table: string) => [columnsOf(tables[table] ?? [])] } as never, 1, barMs)
  }
  const traded = bars(0, 121, 1e5)
  expect(chance([...bars(-720, 0, null), ...traded])).toEqual(chance(traded))
})
