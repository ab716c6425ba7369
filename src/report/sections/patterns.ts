/** Patterns: how many passed each stage, the approved ones with their tests and their money, and which planted causes were found. */

import { protocol } from '../../discovery/index.js'
import { type Detectable, missedSentence, truthWords } from '../../trading/index.js'
import type { ApprovedPattern, Patterns, PlantedTruth, TradingReport } from '../data.js'
import { counted, decimal, integer, usd } from '../format.js'
import { reportLimits } from '../limits.js'
import { linesPanel, type ReportPanel, type Section, table, text } from '../panels.js'
import { number, record } from '../summary.js'
import type { Trade } from '../trade.js'

export function patternsSection({ manifest, patterns, trading }: TradingReport): Section[] {
  if (patterns === null) return []
  const counts = record(manifest.summary.patterns)
  const panels = [
    funnel(counts, patterns),
    text('How sure an approval is', [...why(counts), ...missed(counts, patterns), ...untraded(patterns.approved)]),
    ...countsOverTime(patterns, trading.equity.x),
    approvedTable(patterns.approved, trading.trades),
    ...plantedTable(patterns.planted ?? []),
  ]
  const lead =
    'A hypothesis is tested once, announced as a candidate, confirmed by three on disjoint data, and approved by research on bars it has never seen.'
  return [{ id: 'patterns', title: 'Patterns', lead, panels }]
}

/** Of three researchers two must accept: the chance that noise does, at the p of one. */
function passedByChance(p: number): number {
  return 3 * p * p * (1 - p) + p ** 3
}

/** Why a moderate p is enough after so many tests. */
function why(counts: Readonly<Record<string, unknown>>): string[] {
  const [tested, candidates, confirmed] = [counts.tested, counts.candidates, counts.confirmed].map(number)
  if (tested === undefined || candidates === undefined || confirmed === undefined) return []
  const chance = passedByChance(protocol.approvalP)
  return [
    `A p such as 0.03 suffices after ${counted(tested, 'test')}, because it is not the p of a test among those: they only chose ${counted(candidates, 'candidate')}, of which ${integer(confirmed)} held on new bars, and only these were judged on a third stretch of bars that had chosen nothing. There two of three researchers, on disjoint blocks, must find p ≤ ${protocol.approvalP} and none the opposite, which noise passes in ${decimal(100 * chance, 1)} % of cases: of ${counted(confirmed, 'judged hypothesis', 'judged hypotheses')} without a cause about ${decimal(confirmed * chance, 1)} would be approved by chance.`,
  ]
}

/** What the bars could not have shown; nothing for runs that did not compute it. */
function missed({ detectable }: Readonly<Record<string, unknown>>, { approved }: Patterns): string[] {
  const { effects, power, bars } = record(detectable)
  if (!Array.isArray(effects) || number(power) === undefined || number(bars) === undefined) return []
  return [missedSentence(detectable as Detectable, approved.length)]
}

function untraded(approved: readonly ApprovedPattern[]): string[] {
  const idle = approved.filter(isUntraded).length
  if (idle === 0) return []
  return [
    `${counted(idle, 'approved pattern')} ${idle === 1 ? 'is' : 'are'} known, not traded: the effect is real by these tests, and a trade on it is expected to cost more than it brings.`,
  ]
}

function isUntraded({ status, traded }: ApprovedPattern): boolean {
  return status === 'approved' && traded === false
}

const stages = [
  ['hypothesisSpace', 'hypotheses', 'driver, transform, lag, pair and horizon that may be tested'],
  ['tested', 'tests', `screens of 240 bars; |z| above ${protocol.candidateZ} makes a candidate`],
  ['candidates', 'candidates', 'announced after their screen'],
  ['confirmed', 'confirmed', `three folds of new bars, pooled z above ${protocol.pooledZ}`],
  [
    'approved',
    'approved',
    `two of three shares of ${protocol.blockBars * protocol.stageBlocks} further bars with p ≤ ${protocol.approvalP}`,
  ],
] as const

function funnel(counts: Readonly<Record<string, unknown>>, { approved }: Patterns): ReportPanel {
  const rows = stages.flatMap(([name, stage, how]) => {
    const n = number(counts[name]) ?? (name === 'approved' ? approved.length : undefined)
    return n === undefined ? [] : [{ stage, count: n, how }]
  })
  return table('From hypotheses to patterns', rows)
}

/** A logarithm shows nothing of zero. */
function countsOverTime({ counts }: Patterns, x: readonly number[]): ReportPanel[] {
  if (Object.keys(counts).length === 0) return []
  const lines = Object.entries(counts).map(([name, values]) => [name, values.map(n => (n === 0 ? null : n))])
  const ms = x.map(seconds => seconds * 1_000)
  return [
    linesPanel(
      'Changes of status so far',
      { x: ms, lines: Object.fromEntries(lines) },
      { isTime: true, log: true, unit: 'patterns' },
    ),
  ]
}

/** Trades of a pattern that its row lists: the latest. */
const tradesListed = 12

function approvedTable(approved: readonly ApprovedPattern[], trades: readonly Trade[]): ReportPanel {
  const shown = approved.slice(0, reportLimits.patterns)
  const rest = approved.length - shown.length
  const some = rest > 0 ? ` The first ${shown.length} of ${approved.length}.` : ''
  const about = `Lag: bars between the value and the position. Horizon: bars it is held. Value: expected net return of a trade at approval. z: pooled over the forward bars, in the sign of the pattern. p: one-sided, of the forward bars: the chance of such a z without a cause. A click shows its tests and its money; its name leads to its trades.${some}`
  const rows = shown.map(pattern => {
    const own = trades.filter(trade => trade.pattern === pattern.pattern)
    return { cells: approvedCells(pattern, own), detail: [...pattern.tests, truthWords[pattern.truth].why, ...money(own)] }
  })
  return table('Approved patterns', rows, { about, empty: 'No pattern was approved.', links: { pattern: 'Trades' } })
}

function approvedCells(p: ApprovedPattern, own: readonly Trade[]) {
  return {
    driver: p.driver,
    transform: p.transform,
    lag: p.lag,
    pair: p.pair,
    horizon: p.horizon,
    sign: signText(p.sign),
    'value, bp': 1e4 * p.value,
    'estimated on': p.valueBasis ?? '–',
    z: p.z === null ? '– (a run of an older version, which tells only p)' : Number(decimal(p.z, 2).replace('−', '-')),
    p: p.p === null ? '– (no approval was judged)' : p.p,
    step: p.step,
    now: p.status !== 'approved' ? p.status : isUntraded(p) ? 'known, not traded' : 'in force',
    truth: truthWords[p.truth].says,
    trades: own.length,
    'P&L, USD': own.length === 0 ? null : own.reduce((sum, { pnlUsd }) => sum + pnlUsd, 0),
    pattern: p.pattern,
  }
}

function money(own: readonly Trade[]): string[] {
  if (own.length === 0) return ['It was never traded.']
  const total = own.reduce((sum, { pnlUsd }) => sum + pnlUsd, 0)
  const listed = own.slice(-tradesListed).map(({ id, pnlUsd }) => `${id} ${usd(pnlUsd, 2)}`)
  const some = own.length > tradesListed ? `, the latest ${tradesListed}` : ''
  return [`Its ${counted(own.length, 'trade')} brought ${usd(total, 2)} after costs${some}: ${listed.join(', ')}.`]
}

function signText(sign: number): string {
  return sign > 0 ? '+ lifts' : '− lowers'
}

function plantedTable(planted: readonly PlantedTruth[]): ReportPanel[] {
  if (planted.length === 0) return []
  const found = planted.filter(({ foundAt }) => foundAt !== null).length
  const about = `${found} of ${counted(planted.length, 'planted cause')} found. Strength: of dense causes a share of variance, of sparse ones bar sigmas an event.`
  const rows = planted.map(c => ({
    driver: c.driver,
    pair: c.pair,
    lag: c.lag,
    horizon: c.horizon,
    sign: signText(c.sign),
    kind: c.kind,
    strength: c.strength,
    found: c.foundAt === null ? 'not found' : `found at step ${integer(c.foundAt)}`,
  }))
  return [table('Planted causes', rows, { about })]
}
