/** What a live shard leaves for its operator: events in the log, notices of trades, one summary a day. */

import { appendFileSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Trade } from '../../src/trading/index.js'
import { Alerts } from '../../src/world/live/operations/alerts.js'
import { described } from '../../src/world/live/operations/conditions.js'
import { DailySummaries, type DailySummary, dailyText, dayUnderWay } from '../../src/world/live/operations/daily-summary.js'
import { type LiveLog, openLog } from '../../src/world/live/operations/log.js'
import type { RunNotices } from '../../src/world/live/operations/run-notices.js'
import { type LiveStatus, statusOf } from '../../src/world/live/operations/status.js'
import { TradeNotices, tradeNotice } from '../../src/world/live/operations/trade-notice.js'
import { Watch } from '../../src/world/live/operations/watch.js'
import { barMs, byHand, origin, temporary } from './live-by-hand.js'
import { facts, portfolio } from './live-facts.js'

const day = 86_400_000

/** A shard by hand that is watched, as a run does it; `status` is what the run does once a second. */
async function watched(out: string, { again = false, at = origin + 100 * barMs } = {}) {
  const notices: string[] = []
  const trades: Trade[] = []
  let watch: Watch | undefined
  const world = await byHand({
    out,
    again,
    at,
    onCommitted(tick) {
      trades.push(...tick.trades)
      watch?.committed(tick.trades)
    },
  })
  const { shard, feed, clock, loop } = world
  const log = await openLog(join(out, 'live.log'), 'run')
  const send = { send: (_: string, __: string, text: string) => void notices.push(text), counters: { failed: 0, dropped: 0 } }
  watch = new Watch({ scenario: 'lively', directory: shard.components.directory, log, notices: send as unknown as RunNotices })
  const seen = watch
  shard.components.sim.tap((topic, message) => seen.heard(topic, message, shard.model.warming))
  const sources = { shard, loop, feed, moats: undefined, bridge: undefined, control: undefined, agents: undefined, startedAt: at }
  const status = (state: LiveStatus['state'] = 'live') => {
    const { lastTrade, losses } = seen
    const now = described(statusOf({ ...sources, lastTrade, losses, now: () => clock.now() }, state))
    seen.status(now)
    return now
  }
  const events = (): Record<string, unknown>[] =>
    readFileSync(join(out, 'live.log'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  const die = () => {
    log?.close()
    world.die()
  }
  const tell = (some: readonly Trade[]) => seen.committed(some)
  return { world, notices, trades, tell, status, events, die }
}

describe('live.log', () => {
  it('holds one event, with its ids, for each idea, decision, order, fill and trade, and the status of every minute', async () => {
    const out = join(temporary(), 'run')
    const run = await watched(out)
    for (let i = 0; i < 12; i++) {
      run.world.pass(barMs, 1_000)
      run.status()
    }
    const events = run.events()
    const of = (name: string) => events.filter(({ event }) => event === name)
    const shard = run.world.shard.model.traders.at(0)
    expect(run.trades.length).toBeGreaterThan(0)
    expect(of('trade').map(({ tradeId }) => tradeId)).toEqual(run.trades.map(({ tradeId }) => tradeId))
    expect(of('fill')).toHaveLength(shard?.fillCount ?? -1)
    expect(of('decision')).toHaveLength(shard?.decisionCount ?? -1)
    const ids = (name: string, key: string) => new Set(of(name).map(event => event[key]))
    // Each finds the one before it by its id.
    for (const { ideaId } of of('decision')) expect(ids('idea', 'id')).toContain(ideaId)
    for (const { decision } of of('order')) expect(ids('decision', 'id')).toContain(decision)
    for (const { order, opens } of of('fill')) if (opens === true) expect(ids('order', 'id')).toContain(order)
    for (const { tradeId } of of('trade')) expect(ids('order ended', 'tradeId')).toContain(tradeId)
    expect(new Set(of('idea').map(({ id }) => id)).size).toBe(of('idea').length)
    expect(of('status').length).toBe(12)
    expect(of('status').at(-1)).toMatchObject({
      conditions: { patterns: expect.stringMatching(/no pattern in force/), lastTrade: expect.stringMatching(/^last trade/) },
      why: expect.stringMatching(/^baseline: \d+ signals/),
    })
  })

  it('says when a trouble begins and when it ends', async () => {
    const run = await watched(join(temporary(), 'run'))
    run.world.pass(barMs, 1_000)
    run.status()
    run.world.feed.silent = true
    run.world.pass(2_000)
    run.status()
    run.world.feed.silent = false
    run.world.pass(2_000)
    run.status()
    const troubles = run.events().filter(({ event }) => event === 'condition')
    expect(troubles.map(({ code, on }) => [code, on])).toEqual([
      ['stale', true],
      ['sources', true],
      ['stale', false],
      ['sources', false],
    ])
    expect(troubles[1]?.text).toMatch(/^Sources that fail: market/)
  })

  it('never grows beyond twice its limit: a full file takes the place of the one before', async () => {
    const path = join(temporary(), 'live.log')
    const log = (await openLog(path, 'run', 10_000)) as LiveLog
    for (let i = 0; i < 500; i++) {
      log.event('info', 'note', { number: i, text: 'x'.repeat(100) })
      if (i % 10 === 0) await new Promise(setImmediate)
    }
    log.close()
    const lines = [`${path}.1`, path].flatMap(file => readFileSync(file, 'utf8').trim().split('\n'))
    expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThanOrEqual(20_000)
    const numbers = lines.map(line => JSON.parse(line).number)
    expect(numbers.at(-1)).toBe(499)
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] as number) + i))
  })
})

describe('the status', () => {
  it('has the last trade also after a restart, from the ledger', async () => {
    const out = join(temporary(), 'run')
    const before = await watched(out)
    before.world.pass(8 * barMs, 1_000)
    const { lastTrade } = before.status()
    expect(lastTrade?.tradeId).toBe(before.trades.at(-1)?.tradeId)
    before.die()
    const after = await watched(out, { again: true, at: origin + 110 * barMs })
    expect(after.status().lastTrade).toEqual(lastTrade)
  })

  it('shows for each position the price now, its P&L, stop and target', async () => {
    const run = await watched(join(temporary(), 'run'))
    run.world.pass(3 * barMs + 20_000, 1_000)
    const trader = run.world.shard.model.traders.at(0)
    const held = trader?.portfolios.baseline.held ?? []
    const shown = run.status().portfolios.baseline?.positions ?? []
    expect(shown.length).toBeGreaterThan(0)
    shown.forEach((position, i) => {
      const { priceUsd, position: own } = held[i] ?? {}
      const { direction, entryPriceUsd, qty, pnlUsd } = position
      expect(position.priceUsd).toBe(priceUsd)
      expect(position.stopUsd).toBe(own?.stopUsd)
      const fee = (own?.entryFeeE6 ?? 0) / 1e6
      expect(pnlUsd).toBeCloseTo(direction * qty * ((priceUsd ?? 0) - entryPriceUsd) - fee, 3)
    })
  })
})

describe('an alert', () => {
  it('is a notice when pairs grow stale, the link breaks or the clock is wrong, and when that is over', () => {
    const sent: string[] = []
    const alerts = new Alerts('trifecta', undefined, {
      send: (_: string, __: string, text: string) => void sent.push(text),
    } as unknown as RunNotices)
    const stalePairs = [{ pair: 'SOLUSD', state: 'stale', since: null }]
    for (const given of [{}, { stalePairs }, { linkDownSince: 5 }, { clockOffsetMs: 3_000 }, { clockOffsetMs: 20 }])
      alerts.status(described(facts(given)))
    expect(sent).toEqual([
      'trifecta: no fresh data of SOLUSD: no entries there.',
      'trifecta: all pairs are fresh again.',
      'trifecta: the link to other processes is down: exits only.',
      'trifecta: the link is complete again.',
      "trifecta: The clock is 3 s ahead of the exchange's.",
      'trifecta: the clock agrees with the exchange’s again.',
    ])
  })
})

describe('a notice of trades', () => {
  const trade = (n: number, pnlE6: number) =>
    ({
      tradeId: `t${n}`,
      portfolio: 'baseline',
      pair: 'SOLUSD',
      direction: 1,
      pnlE6,
      entryNotionalE6: 1_000e6,
      reason: 'stop',
      barsHeld: 4,
    }) as Trade

  it('says portfolio, pair, P&L, reason and id; those of a few seconds are told together', () => {
    const sent: string[] = []
    const notices = new TradeNotices('trifecta', { send: (_severity, _key, text) => void sent.push(text) })
    notices.add([trade(1, -3_200_000)])
    notices.poll(1_000)
    expect(sent).toEqual(['trifecta: baseline closed SOLUSD long: -3.20 USD (-0.32 %), stop, 4 bars, t1'])
    for (let n = 2; n < 14; n++) notices.add([trade(n, 1_000_000)])
    notices.poll(5_000)
    expect(sent).toHaveLength(1)
    notices.poll(11_000)
    expect(sent[1]).toMatch(/^trifecta: 12 trades\n/)
    expect(sent[1]?.split('\n')).toHaveLength(12)
    expect(sent[1]).toMatch(/and 2 more, together \+2\.00 USD$/)
    notices.poll(99_000)
    expect(sent).toHaveLength(2)
  })

  it('of trades shortly before the end goes out with the last status, whatever was sent a moment before', async () => {
    const run = await watched(join(temporary(), 'run'))
    run.tell([trade(1, 1)])
    run.status()
    run.tell([trade(2, 1)])
    run.status()
    expect(run.notices).toEqual([expect.stringMatching(/ t1$/)])
    run.status('stopped')
    expect(run.notices.slice(1)).toEqual([expect.stringMatching(/ t2$/)])
  })

  it('of any number of trades stays a short text', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => trade(n, n))
    expect(tradeNotice('trifecta', many).length).toBeLessThan(1_500)
  })
})

describe('the daily summary', () => {
  it('is sent once when a UTC day ends, with the figures of the ledger, and not again after a restart', async () => {
    const out = join(temporary(), 'run')
    const run = await watched(out, { at: origin + day - 10 * barMs })
    run.world.pass(9 * barMs, 1_000)
    run.status()
    const daily = () => run.notices.filter(text => text.includes('(UTC)'))
    expect(daily()).toEqual([])
    run.world.pass(2 * barMs, 1_000)
    const before = run.trades.filter(({ exitTime }) => exitTime < origin + day)
    const status = run.status()
    run.status()
    expect(daily()).toHaveLength(1)
    const pnl = before.reduce((sum, { pnlE6 }) => sum + pnlE6, 0) / 1e6
    expect(before.length).toBeGreaterThan(0)
    expect(daily()[0]).toContain(
      `lively, 2026-01-01 (UTC): ${before.length} trades, P&L ${pnl > 0 ? '+' : ''}${pnl.toFixed(2)} USD.`,
    )
    const summary: DailySummary = JSON.parse(readFileSync(join(out, 'daily.jsonl'), 'utf8').trim().split('\n').at(-1) ?? '')
    const byPair = Object.values(summary.byPair)
    expect(summary).toMatchObject({ day: '2026-01-01', trades: before.length })
    for (const sums of [byPair, Object.values(summary.byPortfolio), Object.values(summary.byPattern)]) {
      expect(sums.reduce((sum, { trades }) => sum + trades, 0)).toBe(before.length)
      expect(sums.reduce((sum, { pnlUsd }) => sum + pnlUsd, 0)).toBeCloseTo(pnl, 6)
    }
    expect(summary.equityUsd.baseline).toBe(status.portfolios.baseline?.equityUsd)
    expect(run.events().filter(({ event }) => event === 'day')).toHaveLength(1)
    run.die()
    const again = await watched(out, { again: true, at: origin + day + 3 * barMs })
    again.status()
    expect(again.notices.filter(text => text.includes('(UTC)'))).toEqual([])
  })

  it('says of a day under way, as the chat is told it, what the summary says of it once it is over', async () => {
    const out = join(temporary(), 'run')
    const run = await watched(out, { at: origin + day - 10 * barMs })
    run.world.pass(9 * barMs, 1_000)
    const status = run.status()
    const ledger = join(out, 'trades.db')
    const underWay = dayUnderWay(ledger, status, origin + day - 1)
    expect(underWay).toMatch(/^lively, 2026-01-01 \(UTC\): [1-9]\d* trades, P&L /)
    const sent: string[] = []
    const onFailed = (error: unknown) => expect(error).toBeUndefined()
    const file = join(out, 'again.jsonl')
    const summaries = new DailySummaries({ scenario: 'lively', file, ledger, send: text => void sent.push(text), onFailed })
    summaries.status(status)
    summaries.status({ ...status, updatedAt: origin + day })
    expect(sent).toEqual([underWay])
    expect(dayUnderWay(ledger, status, origin + day)).toMatch(/^lively, 2026-01-02 \(UTC\): 0 trades/)
  })

  it('of days for which the run was away is made up from the ledger, the last seven of them', async () => {
    const out = join(temporary(), 'run')
    const run = await watched(out)
    run.world.pass(8 * barMs, 1_000)
    run.status()
    const { length } = run.trades
    run.die()
    const sent: [string, DailySummary][] = []
    const summaries = () =>
      new DailySummaries({
        scenario: 'lively',
        file: join(out, 'daily.jsonl'),
        ledger: join(out, 'trades.db'),
        send: (text, summary) => void sent.push([text, summary]),
        onFailed: error => expect(error).toBeUndefined(),
      })
    const at = (days: number) =>
      facts({ updatedAt: origin + days * day + 1, portfolios: { baseline: portfolio({ equityUsd: 7 }) } })
    summaries().status(at(2))
    expect(sent.map(([, { day: name, trades }]) => [name, trades])).toEqual([
      ['2026-01-01', length],
      ['2026-01-02', 0],
    ])
    // What is worth now is said of the last day alone.
    expect(sent.map(([, { equityUsd }]) => equityUsd)).toEqual([{}, { baseline: 7 }])
    // A line that a crash cut off says nothing.
    appendFileSync(join(out, 'daily.jsonl'), '{"day":"2026-')
    const later = summaries()
    later.status({ ...at(30), state: 'warming' })
    expect(sent).toHaveLength(2)
    later.status(at(30))
    expect(sent.slice(2).map(([, { day: name }]) => name)).toEqual(
      Array.from({ length: 7 }, (_, i) => new Date(origin + (23 + i) * day).toISOString().slice(0, 10)),
    )
  })

  it('that fails is tried again a minute later, and stops nothing', () => {
    const failures: unknown[] = []
    const summaries = new DailySummaries({
      scenario: 'lively',
      file: join(temporary(), 'daily.jsonl'),
      ledger: '/nowhere/trades.db',
      send: () => expect.unreachable(),
      onFailed: error => void failures.push(error),
    })
    const at = (ms: number) => facts({ updatedAt: origin + ms })
    for (const ms of [0, day + 1, day + 2, day + 60_001, day + 60_002]) summaries.status(at(ms))
    expect(failures).toHaveLength(2)
  })

  it('is short whatever the day was, and names locks', () => {
    const sums = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`PATTERN-${i}`, { trades: 1, pnlUsd: i }]))
    const halts = Array.from({ length: 40 }, () => ({ portfolio: 'all', pair: null, kind: 'operator', reason: 'x' }))
    const text = dailyText('trifecta', {
      day: '2026-01-01',
      trades: 300,
      pnlUsd: 1,
      equityUsd: { baseline: 5 },
      byPortfolio: {},
      byPair: sums,
      byPattern: sums,
      halts,
    })
    expect(text.length).toBeLessThan(1_500)
    expect(text).toContain('PATTERN-299 1 trade, P&L +299.00 USD')
    expect(text).toContain('Halts: all (operator), all (operator)')
    expect(text).toContain('baseline 0 trades, P&L 0.00 USD, equity 5.00 USD.')
  })
})
