/** A live run whose exchange corrects bars after they were published, and which is killed and started again in between. */

import { expect, test } from 'vitest'
import type { Bar } from '../../src/market/index.js'
import { BaselineIdeas, type Idea, MarketData, MycelialIdeas } from '../../src/trading/index.js'
import { barMs, byHand, origin, temporary } from './live-by-hand.js'
import { pairs } from './live-scenario.js'

interface Told {
  readonly ideas: Idea[]
  readonly fills: unknown[]
}

/** Fifteen bars, in two processes of one run; corrections come 25 s into the next bar, `revised` or not. */
async function lived(revised: boolean): Promise<Told> {
  const told: Told = { ideas: [], fills: [] }
  const out = `${temporary()}/run`
  const part = async (again: boolean, at: number) => {
    const live = await byHand({ out, again, at, onCommitted: ({ fills }) => void told.fills.push(...fills) })
    let last: Bar | undefined
    live.shard.components.sim.tap((topic, message) => {
      if ((topic as unknown) === BaselineIdeas || (topic as unknown) === MycelialIdeas) told.ideas.push(message as Idea)
      if (topic.family === (MarketData as unknown)) last = message as Bar
    })
    for (let bar = 0; bar < 15; bar++) {
      live.pass(25_000, 1_000)
      if (last !== undefined && revised) live.feed.revise({ ...last, close: last.close * 1.05, high: last.high * 1.05 })
      live.pass(barMs - 25_000, 1_000)
    }
    live.die()
    return live.clock.now()
  }
  const died = await part(false, origin + 100 * barMs)
  await part(true, died + 3 * barMs + 20_000)
  return told
}

test('I3: decides what it would have decided without the corrections: each bar once, as it stood', async () => {
  const [corrected, plain] = [await lived(true), await lived(false)]
  expect(plain.fills.length).toBeGreaterThan(10)
  expect(corrected.ideas).toEqual(plain.ideas)
  expect(corrected.fills).toEqual(plain.fills)
})

test('I3: names no two ideas alike, and decides within the grace of a bar’s end alone', async () => {
  const { ideas } = await lived(true)
  const ids = ideas.map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(30)
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(ideas.map(({ pair }) => pair)).size).toBe(pairs.length)
  for (const { decidedAt } of ideas) expect(decidedAt % barMs).toBeLessThan(3_000)
})

test('gives an analyst that starts anew, as a part of a run may on another machine, no id it has given before', async () => {
  const ids: string[] = []
  for (const begin of [100, 110]) {
    const live = await byHand({ at: origin + begin * barMs, history: 30 })
    live.shard.components.sim.tap((topic, message) => {
      if ((topic as unknown) === BaselineIdeas) ids.push((message as Idea).id)
    })
    live.pass(9 * barMs, 1_000)
    live.die()
  }
  expect(ids.length).toBeGreaterThan(20)
  expect(new Set(ids).size).toBe(ids.length)
})
