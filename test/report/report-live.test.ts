/** The report and the explanations of a live run while it runs: from its spool and its ledger, and without disturbing it. */

import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explainDecisions, type ReportHead, readReportData, writeReport } from '../../src/report/index.js'
import { plainPage } from '../../src/report/plain-page.js'
import { reportParts } from '../../src/report/report-parts.js'
import { RunDirectory, readTable, tradesBetween } from '../../src/storage/index.js'
import { live } from '../../src/world/index.js'
import { barMs, byHand, temporary } from '../world/live-by-hand.js'
import { acceleratedClock, ScriptedFeed } from '../world/live-kit.js'
import { scenario } from '../world/live-scenario.js'

/** The text of the page's top. */
const textOf = (data: Awaited<ReturnType<typeof readReportData>>) => {
  const { parts, sections } = reportParts(data, undefined)
  const page = plainPage(parts.json('report') as ReportHead, sections, false)
  return (/<header[\s\S]*<\/header>/.exec(page)?.[0] ?? '').replace(/<[^>]+>/g, ' ')
}
const all = [0, Date.UTC(2100)] as const

test('a run under way has a report: as of its last checkpoint, with its trades, equity, ideas and decisions', async () => {
  const world = await byHand({ checkpointEvery: 1 })
  world.pass(9 * barMs, 1_000)
  const data = await readReportData(world.out)
  const { trading, underWay, period } = data
  const { shard } = world
  expect(underWay).toEqual({ isAlive: true, step: shard.checkpointStep })
  const ended = tradesBetween(join(world.out, 'trades.db'), 0, (period?.to ?? 0) + 1)
  expect(ended.length).toBeGreaterThan(0)
  expect(trading?.trades.length).toBe(ended.length)
  const ideas = trading?.contributions.reduce((sum, one) => sum + one.ideas, 0)
  const { baseline, mycelial } = shard.model.traders.at(0)?.ideas ?? { baseline: 0, mycelial: 0 }
  expect(ideas).toBeGreaterThanOrEqual(baseline + mycelial)
  expect(trading?.decisions?.counts.find(({ portfolio }) => portfolio === 'baseline')?.signals).toBeGreaterThan(0)
  expect(trading?.equity.lines.baseline?.at(-1)).toBeGreaterThan(0)
  expect(trading?.prices.total).toBe(4)
  const day = '1\\s?Jan\\s?2026'
  expect(textOf(data)).toMatch(new RegExp(`Running, as of ${day}, 01:49 UTC, step ${shard.checkpointStep}\\.`))
  expect(textOf(data)).toContain('a live market')
})

test('a run that was killed has one too, which says that it was broken off', async () => {
  const world = await byHand({ checkpointEvery: 1 })
  world.pass(4 * barMs, 1_000)
  world.die()
  const data = await readReportData(world.out)
  expect(data.underWay?.isAlive).toBe(false)
  expect(textOf(data)).toMatch(/Broken off, as of/)
})

test('reading beside the run changes nothing in it', async () => {
  const plain = await byHand({ checkpointEvery: 2 })
  plain.pass(6 * barMs, 1_000)
  const read = await byHand({ checkpointEvery: 2 })
  for (let i = 0; i < 6; i++) {
    read.pass(barMs, 1_000)
    await writeReport(read.out)
  }
  expect(read.shard.components.sim.digest).toBe(plain.shard.components.sim.digest)
  const { outputs } = read.shard.components
  expect(outputs.outputs()).toEqual(plain.shard.components.outputs.outputs())
})

test('an explanation of a run under way has the idea behind the decision, and how the order ended', async () => {
  const world = await byHand({ checkpointEvery: 1 })
  world.pass(9 * barMs, 1_000)
  const [trade] = tradesBetween(join(world.out, 'trades.db'), ...all)
  const { decisions } = await explainDecisions(world.out, { what: trade?.tradeId ?? '', portfolio: undefined })
  const text = decisions.flatMap(({ sentences }) => sentences).join('\n')
  expect(text).toMatch(/proposed the idea .* with a confidence of/)
  expect(text).not.toMatch(/is not in this record|does not say/)
  expect(text).toContain(`The order ${trade?.tradeId}:entry`)
})

test('what is on disk of a table is read up to the last whole block', async () => {
  const world = await byHand({ checkpointEvery: 1 })
  world.pass(3 * barMs, 1_000)
  const file = join(world.out, '.spool', 'prices.rows')
  const path = join(world.out, 'prices.parquet')
  const whole = (await readTable(path, 'all'))?.pair?.length ?? 0
  appendFileSync(file, readFileSync(file).subarray(0, 37))
  expect((await readTable(path, 'all'))?.pair?.length).toBe(whole)
  expect(whole).toBeGreaterThan(0)
  const some = await readTable(path, ['pair'], { from: 2, to: 9 })
  expect(some?.pair).toEqual((await readTable(path, ['pair']))?.pair?.slice(2, 9))
})

test('its manifest says "running" and holds the figures so far, also where the run is gone on with; log and status tell its trades', async () => {
  const out = join(temporary(), 'run')
  const origin = Date.UTC(2026, 0, 1)
  const seen: { status: string; equity: unknown; digest: unknown; html: string }[] = []
  const once = async (at: number) => {
    const clock = acceleratedClock(20, at)
    const feed = ({ pairs, barMs: bar }: { pairs: readonly string[]; barMs: number }) =>
      new ScriptedFeed({ pairs, barMs: bar, clock, origin, history: 60 })
    const reading: Promise<void>[] = []
    const read = async () => {
      const { manifest } = RunDirectory.read(out)
      const html = readFileSync(await writeReport(out), 'utf8')
      const portfolios = manifest.summary.portfolios as Record<string, { equity?: unknown }> | undefined
      seen.push({ status: manifest.status, equity: portfolios?.baseline?.equity, digest: manifest.digest, html })
    }
    await live({
      scenario,
      timeframe: '1s',
      out,
      forMs: 30_000,
      checkpointEvery: 1,
      environment: {},
      overrides: { clock, moats: undefined, feed },
      onStatus: status => {
        if (status.state === 'live' && reading.length === 0) reading.push(read())
      },
    })
    await Promise.all(reading)
  }
  for (const at of [100_000, 140_000]) {
    await once(origin + at)
    expect(RunDirectory.read(out).manifest.status).toBe('finished')
  }
  expect(seen).toHaveLength(2)
  for (const { status, equity, digest, html } of seen) {
    expect(status).toBe('running')
    expect(equity).toBeGreaterThan(0)
    expect(digest).toBeNull()
    expect(html).toMatch(/Running, as of/)
  }
  const events = readFileSync(join(out, 'live.log'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const ended = tradesBetween(join(out, 'trades.db'), ...all)
  expect(ended.length).toBeGreaterThan(0)
  expect(events.filter(({ event }) => event === 'trade').map(({ tradeId }) => tradeId)).toEqual(
    ended.map(({ tradeId }) => tradeId),
  )
  const status = JSON.parse(readFileSync(join(out, 'status.json'), 'utf8'))
  expect(status.lastTrade.tradeId).toBe(ended.at(-1)?.tradeId)
  expect(readFileSync(join(out, 'daily.jsonl'), 'utf8')).toBe('{"begun":"2026-01-01"}\n')
}, 60_000)
