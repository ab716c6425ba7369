/** Latency signals: silent where nothing happens, outages found and decoys not, what lead is left, a planted edge, calibration, hiring. */

import { DAY_MS, MINUTE_MS, netTraceSchema } from 'mycelia/market'
import { addOutcome, judgeKpi, type Kpi, newKpi } from '../../src/agents/nettrace/kpi.js'
import { rootOf, Stream } from '../../src/core/index.js'
import { type Estimate, estimate, interval, median, sumOf, wilson } from '../../src/experiment/statistics/index.js'
import type { NetEvent } from '../../src/market/index.js'
import { accuracyAlarm, signalsNeeded } from '../../src/trading/index.js'
import { brief, type Check, percent, seeds } from './check.js'
import { madeTrade } from './made-trades.js'
import { type LatencyFigures, latencyRun, quietNet, scansPerSecond, watchNetwork } from './network-run.js'

/** Thirty model days in bars of a minute. */
const month = 43_200
const zeroCosts = { feeRate: 0, halfSpread: 0, slippage: 0, allowShort: true }
/** A full move of three times what entry and exit cost: 2 × (0.02 + 0.01 + 0.02) %. */
const planted = 0.003

export const quietNetworkCheck: Check = {
  name: 'quiet-network',
  promise: 'a quiet network gives no signals',
  measured:
    'made network without events, 6 hosts × 3 vantage points every 120 s, 40 seeds × 30 model days: at most 0.1 findings a host-day',
  async run(context) {
    const chosen = seeds(context, 40)
    const runs = chosen.map(seed => {
      const run = watchNetwork(seed, { net: quietNet, days: context.quick ? 3 : 30 })
      context.note(`quiet-network  seed ${seed}: ${run.found.length} findings`)
      return run
    })
    const perDay = sumOf(runs.map(r => r.found.length)) / sumOf(runs.map(r => r.hostDays))
    return {
      kept: perDay <= 0.1,
      says: `${brief(perDay)} findings a host-day, in ${brief(sumOf(runs.map(r => r.scans)))} scans`,
      figures: { perHostDay: perDay, findings: sumOf(runs.map(r => r.found.length)), hostDays: sumOf(runs.map(r => r.hostDays)) },
      inputs: { seeds: chosen },
    }
  },
}

export const nullNetworkCheck: Check = {
  name: 'null-network',
  promise: 'latency that moves no price confirms nothing',
  measured:
    'null-network, 40 seeds × 30 model days, short sales allowed, no costs: at most 5 % of hypotheses confirmed (one-sided 1 %, four types), and the 95 % interval of the P&L over seeds holds 0',
  async run(context) {
    const chosen = seeds(context, 40)
    const runs = runsOf(context, 'null-network', chosen, { move: 0, steps: context.quick ? month / 6 : month, params: zeroCosts })
    const tested = runs.flatMap(r => r.hypotheses)
    const confirmed = tested.filter(h => h.confirmed).length
    const pnl = estimate(runs.map(r => r.pnlUsd))
    const [low, high] = interval(pnl)
    return {
      kept: confirmed <= 0.05 * tested.length && low <= 0 && high >= 0,
      says: `${confirmed} of ${tested.length} hypotheses confirmed (95 % ${percent(wilson(confirmed, tested.length))}); P&L of 13 USD in 30 days ${usd(pnl)}, ${brief(sumOf(runs.map(r => r.trades)) / runs.length)} trades a run`,
      figures: { confirmed, tested: tested.length, pnl, runs: runs.map(brieflyOf) },
      inputs: { seeds: chosen, params: zeroCosts },
    }
  },
}

export const outagesCheck: Check = {
  name: 'outages',
  promise: 'outages are found, and trouble of one vantage point or of one router is not taken for one',
  measured:
    'round trips ×2 for 10 to 60 minutes, scans every 120 s, 10 seeds × 10 days: recall at least 95 %, median delay at most 3 scans; the same days with trouble near one vantage point and rate limits alone: at most 2 % of these events signalled, those apart in which two vantage points are in trouble at once',
  async run(context) {
    const chosen = seeds(context, 10)
    const days = context.quick ? 2 : 10
    const outages = { perDay: 3, minutes: [10, 60] as const, factor: [2, 2] as const, dark: 0, rerouted: 0 }
    const delays: number[] = []
    let events = 0
    for (const seed of chosen) {
      const { found, events: all, end } = watchNetwork(seed, { net: { ...quietNet, outages }, days })
      // The first 25 scans say what is usual.
      const mature = all.filter(e => e.kind === 'outage' && e.end < end && e.start > end - days * DAY_MS + 60 * MINUTE_MS)
      events += mature.length
      for (const { host, start, end: over } of mature) {
        const first = found.find(
          f => f.type === 'latency_anomaly' && f.direction === -1 && f.host === host && f.time >= start && f.time < over,
        )
        if (first !== undefined) delays.push(1 + Math.floor((first.time - start) / (2 * MINUTE_MS)))
      }
    }
    const decoys = { total: 0, signalled: 0, overlapping: 0 }
    for (const seed of chosen) {
      const net = { ...quietNet, vantageTroubles: { perDay: 1 }, rateLimits: { perDay: 1 } }
      const { found, events: all } = watchNetwork(seed, { net, days })
      for (const event of all) {
        // Two vantage points in trouble at once see what an outage of every host looks like; that is told apart.
        if (event.kind === 'vantage' && all.some(e => e.kind === 'vantage' && e !== event && overlap(e, event)))
          decoys.overlapping++
        else if (event.kind === 'vantage' || !all.some(e => e.kind === 'vantage' && overlap(e, event))) {
          decoys.total++
          if (found.some(f => (event.host ?? f.host) === f.host && f.time >= event.start && f.time < event.end + after))
            decoys.signalled++
        }
      }
    }
    const recall = delays.length / events
    const share = decoys.signalled / decoys.total
    return {
      kept: recall >= 0.95 && median(delays) <= 3 && share <= 0.02,
      says: `recall ${brief(100 * recall)} % of ${events} outages (95 % ${percent(wilson(delays.length, events))}), median delay ${brief(median(delays))} scans; ${decoys.signalled} of ${decoys.total} decoys signalled (${decoys.overlapping} more overlap, and are not judged)`,
      figures: { events, found: delays.length, recall, medianDelayScans: median(delays), decoys },
      inputs: { seeds: chosen, days, outages },
    }
  },
}

/** For so long after an event a finding is taken for one of it. */
const after = 10 * MINUTE_MS

function overlap(a: NetEvent, b: NetEvent): boolean {
  return a.start < b.end + after && b.start < a.end + after
}

const cadences = [60, 120, 300, 900] as const

export const leadCheck: Check = {
  name: 'lead',
  promise: 'what is left of a lead is measured, and the table says where it is gone',
  measured: `outages of 30 to 90 minutes whose move begins 10 to 15 minutes later, scans every ${cadences.join(', ')} s, 10 seeds × 10 days: the delay of detection and the lead that is left; kept where at 120 s at least half the outages leave a lead of 5 minutes`,
  async run(context) {
    const chosen = seeds(context, 10)
    const rows = cadences.map(seconds => leadAt(chosen, seconds, context.quick ? 4 : 10))
    const at120 = rows.find(r => r.cadenceSeconds === 120)
    return {
      kept: at120 !== undefined && at120.medianLeftMinutes >= 5,
      says: rows
        .map(
          r =>
            `every ${r.cadenceSeconds} s: ${brief(r.medianLeftMinutes)} of ${brief(r.meanLeadMinutes)} min are left, in ${brief(100 * r.shareLeft)} % of ${r.outages} outages any`,
        )
        .join('; '),
      figures: { rows },
      inputs: { seeds: chosen },
      page: { name: 'lead.md', text: leadPage(rows) },
    }
  },
}

interface LeadRow {
  readonly cadenceSeconds: number
  readonly outages: number
  readonly found: number
  readonly meanLeadMinutes: number
  readonly medianDelayMinutes: number
  readonly medianLeftMinutes: number
  /** Of all outages, those found before the move begins. */
  readonly shareLeft: number
}

function leadAt(chosen: readonly number[], cadenceSeconds: number, days: number): LeadRow {
  const delays: number[] = []
  const left: number[] = []
  const leads: number[] = []
  let outages = 0
  const net = { ...quietNet, outages: { perDay: 1, dark: 0.2, rerouted: 0.5 }, everyMs: cadenceSeconds * 1_000 }
  for (const seed of chosen) {
    const { found, events, end } = watchNetwork(seed, { net, days, barMs: cadenceSeconds * 1_000 })
    const warmUp = end - days * DAY_MS + 26 * cadenceSeconds * 1_000
    for (const { host, start, end: over, leadMs } of events.filter(e => e.start > warmUp && e.end < end)) {
      outages++
      leads.push(leadMs / MINUTE_MS)
      const first = found.find(
        f => f.type === 'latency_anomaly' && f.direction === -1 && f.host === host && f.time >= start && f.time < over,
      )
      const delay = first === undefined ? Number.POSITIVE_INFINITY : (first.time - start) / MINUTE_MS
      if (first !== undefined) delays.push(delay)
      left.push(leadMs / MINUTE_MS - delay)
    }
  }
  return {
    cadenceSeconds,
    outages,
    found: delays.length,
    meanLeadMinutes: sumOf(leads) / leads.length,
    medianDelayMinutes: median(delays),
    medianLeftMinutes: Math.max(-1e6, median(left)),
    shareLeft: left.filter(minutes => minutes > 0).length / outages,
  }
}

function leadPage(rows: readonly LeadRow[]): string {
  const lines = rows.map(
    r =>
      `| ${r.cadenceSeconds} s | ${r.outages} | ${brief((100 * r.found) / r.outages)} % | ${brief(r.medianDelayMinutes)} min | ${brief(r.medianLeftMinutes)} min | ${brief(100 * r.shareLeft)} % |`,
  )
  return `# What is left of a lead

Written by \`npm run validate -- --only lead\`. Outages of the made network last 30 to 90 minutes, and prices move 10 to 15 minutes after
their beginning (mean ${brief((rows[0] as LeadRow).meanLeadMinutes)} minutes). Two scans from two vantage points must agree before a signal is made, so that the cadence of scans
decides how much of that time is left. A negative lead is a signal that comes after the move has begun.

| scans every | outages | found | median delay | median lead that is left | found before the move |
| --- | --- | --- | --- | --- | --- |
${lines.join('\n')}
`
}

export const edgeCheck: Check = {
  name: 'latency-edge',
  promise: 'a planted edge in latency is found, and confidences are what they say',
  measured: `nettrace, half of the outages move prices by ${100 * planted} % (three times the cost of a trade), 40 seeds × 30 model days: latency_anomaly confirmed in at least 90 % of seeds; expected calibration error of all matured signals, at least 2,000, at most 0.05`,
  async run(context) {
    const chosen = seeds(context, 40)
    const runs = runsOf(context, 'latency-edge', chosen, { move: planted, steps: context.quick ? month / 6 : month })
    const confirmed = runs.filter(r => r.hypotheses.find(h => h.type === 'latency_anomaly')?.confirmed === true).length
    const matured = sumOf(runs.map(r => r.matured))
    const error = calibrationErrorOf(runs)
    const byType = Object.fromEntries(
      (runs[0]?.hypotheses ?? []).map(({ type }) => [
        type,
        runs.filter(r => r.hypotheses.some(h => h.type === type && h.confirmed)).length,
      ]),
    )
    const share = sumOf(runs.map(r => r.right)) / matured
    const pnl = estimate(runs.map(r => r.pnlUsd))
    return {
      kept: confirmed >= 0.9 * runs.length && matured >= 2_000 && error <= 0.05,
      says: `confirmed in ${confirmed} of ${runs.length} seeds (95 % ${percent(wilson(confirmed, runs.length))}); calibration error ${error.toFixed(3)} of ${matured} signals, ${brief(100 * share)} % of them right (${signalsNeeded(0.55)} tell 55 % from chance, ${brief((signalsNeeded(0.55) * runs.length * 30) / matured)} days here); the trader's P&L of 13 USD in 30 days ${usd(pnl)}`,
      figures: { confirmed, byType, matured, share, calibrationError: error, pnl, bins: binsOf(runs), runs: runs.map(brieflyOf) },
      inputs: { seeds: chosen, move: planted },
    }
  },
}

function runsOf(
  context: Parameters<Check['run']>[0],
  label: string,
  chosen: readonly number[],
  task: Parameters<typeof latencyRun>[1],
): LatencyFigures[] {
  return chosen.map(seed => {
    const run = latencyRun(seed, task)
    context.note(
      `${label}  seed ${seed}: ${run.hypotheses.map(h => `${h.type} ${h.t === null ? '–' : h.t.toFixed(1)}`).join(', ')}; ${run.pnlUsd.toFixed(3)} USD`,
    )
    return run
  })
}

function binsOf(runs: readonly LatencyFigures[]): { n: number; right: number; confidences: number }[] {
  return (runs[0]?.reliability ?? []).map((_, i) => {
    const of = (name: 'n' | 'right' | 'confidences') => sumOf(runs.map(r => r.reliability[i]?.[name] ?? 0))
    return { n: of('n'), right: of('right'), confidences: of('confidences') }
  })
}

function calibrationErrorOf(runs: readonly LatencyFigures[]): number {
  const bins = binsOf(runs)
  const all = sumOf(bins.map(b => b.n))
  return sumOf(bins.map(({ n, right, confidences }) => (n === 0 ? 0 : Math.abs(right - confidences) / all)))
}

function brieflyOf({ seed, hypotheses, matured, right, trades, pnlUsd, quarantined }: LatencyFigures) {
  return { seed, t: Object.fromEntries(hypotheses.map(h => [h.type, h.t])), matured, right, trades, pnlUsd, quarantined }
}

function usd(of: Estimate): string {
  const [low, high] = interval(of)
  return `${of.mean.toFixed(3)} USD (95 % ${low.toFixed(3)} to ${high.toFixed(3)})`
}

const agents = 20
const withEdge = 4
const hiringTrades = 2_000
/** Mean return of a trade with an edge, in standard deviations of one: a tenth of a percent of 0.4. */
const edge = 0.25

/** Trades in turn by the agents that are employed; one that is fired is followed by one without an edge. */
function employ(seed: number): { kept: number; fired: number } {
  const rng = new Stream(rootOf(seed), 'hiring')
  const staff = Array.from({ length: agents }, (_, i) => ({ hasEdge: i < withEdge, kpi: newKpi() as Kpi }))
  let fired = 0
  for (let trade = 0; trade < hiringTrades; trade++) {
    const at = trade % agents
    const agent = staff[at] as (typeof staff)[number]
    const result = rng.normal(agent.hasEdge ? edge : 0, 1)
    addOutcome(agent.kpi, result, result > 0)
    if (judgeKpi(agent.kpi) !== 'fire') continue
    fired++
    staff[at] = { hasEdge: false, kpi: newKpi() }
  }
  return { kept: staff.filter(agent => agent.hasEdge).length, fired }
}

export const hiringCheck: Check = {
  name: 'hiring',
  promise: 'hiring by results keeps who is good, and makes nothing out of nothing',
  measured: `${agents} agents of which ${withEdge} gain ${edge} standard deviations a trade, ${hiringTrades} trades in turn, judged after each, 1,000 seeds: at least 3 of the ${withEdge} kept in 90 % of seeds; null-network without costs, 40 seeds × 30 model days, each with hiring and with reviewBars 0: the 95 % interval of the paired difference of P&L holds 0`,
  async run(context) {
    const chosen = seeds(context, 1_000)
    const good = chosen.map(seed => employ(seed))
    const kept = good.filter(run => run.kept >= 3).length
    const pairs = seeds(context, 40)
    const task = { move: 0, steps: context.quick ? month / 6 : month }
    const hiring = runsOf(context, 'hiring', pairs, { ...task, params: zeroCosts })
    const without = runsOf(context, 'no hiring', pairs, { ...task, params: { ...zeroCosts, reviewBars: 0 } })
    const change = estimate(hiring.map((run, i) => run.pnlUsd - (without[i]?.pnlUsd ?? Number.NaN)))
    const [low, high] = interval(change)
    const fired = estimate(good.map(run => run.fired))
    return {
      kept: kept >= 0.9 * chosen.length && low <= 0 && high >= 0,
      says: `at least 3 of ${withEdge} kept in ${brief((100 * kept) / chosen.length)} % of seeds, ${brief(fired.mean)} agents fired a run; where nothing can be known hiring, which fired ${brief(sumOf(hiring.map(r => r.fired)) / hiring.length)} detectors a run, changes the P&L of 13 USD in 30 days by ${usd(change)}`,
      figures: { kept, seeds: chosen.length, fired, change, pairs: pairs.length, firedOfNull: sumOf(hiring.map(r => r.fired)) },
      inputs: { firstSeed: chosen[0], seeds: chosen.length, pairs, edge, agents, withEdge, trades: hiringTrades },
    }
  },
}

const aDay = 20
const aYear = 365 * aDay

/** The limits of the alarm that a latency scenario ships with. */
function alarmLimits() {
  const [profile] = netTraceSchema.parse({}).profiles
  if (typeof profile !== 'object') throw new Error('the shipped profile of latency scenarios is an object')
  return profile.limits as NonNullable<Parameters<NonNullable<typeof accuracyAlarm.onTrade>>[2]>
}

/** Trades at an accuracy until the alarm; Infinity where there is none within `most`. */
function untilAlarm(seed: number, accuracy: number, most: number): number {
  const limits = alarmLimits()
  const rng = new Stream(rootOf(seed), `pausing ${accuracy}`)
  const own = accuracyAlarm.begin?.(limits)
  for (let n = 1; n <= most; n++) {
    const time = (n * DAY_MS) / aDay
    if (accuracyAlarm.onTrade?.(own, madeTrade(time - 1, time, rng.chance(accuracy) ? 1e6 : -1e6), limits)) return n
  }
  return Number.POSITIVE_INFINITY
}

export const pausingCheck: Check = {
  name: 'pausing',
  promise: 'the sequential alarm of latency scenarios pauses a bad trader and hardly ever a good one',
  measured: `the shipped limits, ${aDay} trades a day, 1,000 seeds: at 55 % right at most 5 % of years hold an alarm; at 40 % the median is at most 250 trades`,
  async run(context) {
    const chosen = seeds(context, 1_000)
    const falseYears = chosen.filter(seed => untilAlarm(seed, 0.55, aYear) < Number.POSITIVE_INFINITY).length
    const found = median(chosen.map(seed => untilAlarm(seed, 0.4, 10_000)))
    return {
      kept: falseYears <= 0.05 * chosen.length && found <= 250,
      says: `an alarm in ${falseYears} of ${chosen.length} years at 55 % (95 % ${percent(wilson(falseYears, chosen.length))}); at 40 % after ${found} trades, median`,
      figures: { falseYears, years: chosen.length, medianTradesAt40: found },
      inputs: { firstSeed: chosen[0], seeds: chosen.length, limits: alarmLimits() },
    }
  },
}

export const latencySpeedCheck: Check = {
  name: 'latency-speed',
  promise: 'latency signals are simulated fast',
  measured:
    'nettrace as it ships, 6 hosts × 3 vantage points, nothing collected: at least 20,000 scans a second of CPU time, median of 5 seeds × 10,000 steps after 2,000',
  async run(context) {
    const chosen = seeds(context, 5)
    const rates = chosen.map(seed => {
      const rate = scansPerSecond(seed, context.quick ? 2_000 : 10_000)
      context.note(`latency-speed  seed ${seed}: ${Math.round(rate)} scans/s`)
      return rate
    })
    return {
      kept: median(rates) >= 20_000,
      says: `${Math.round(median(rates))} scans/s (${rates.map(rate => Math.round(rate)).join(', ')}), with prices, signals, trader and orchestrator`,
      figures: { scansPerSecond: rates },
      inputs: { seeds: chosen },
    }
  },
}
