/** The summary that is printed after a run. */

import { join } from 'node:path'
import type { Approval } from '../storage/index.js'
import {
  type BaselineSummary,
  baselineSentence,
  type Controls,
  controlSentences,
  dataEndedSentence,
  missedSentence,
} from '../trading/index.js'
import type { RunResult } from '../world/index.js'
import { metricRows } from './metric-rows.js'
import { columns, grouped, percent, shortest } from './text.js'

/** Most approvals listed one by one; the table in `mycelial_patterns.db` holds all. */
const mostNamed = 12

/** What the run approved; a run without patterns has no ledger of them to open. */
export async function approvedIn({ patterns, runDir }: RunResult): Promise<readonly Approval[]> {
  if (patterns === undefined) return []
  const { approvalsIn } = await import('../storage/index.js')
  return approvalsIn(join(runDir, 'mycelial_patterns.db'))
}

export function runSummary(result: RunResult, approved: readonly Approval[], report: string | undefined): string {
  const parts = [
    headline(result),
    portfolios(result),
    patterns(result, approved),
    ideas(result),
    controls(result),
    collisions(result),
    tooLarge(result),
    memory(result),
    endedPairs(result),
    quarantined(result),
  ]
  parts.push(`Run directory: ${shortest(result.runDir)}\n${report === undefined ? '' : `Report: ${shortest(report)}\n`}`)
  return parts.filter(part => part !== '').join('\n')
}

function headline({ scenario, seed, steps, stepsPerSecond, agents, digest, ended }: RunResult): string {
  const { core, support, ta, byType } = agents
  const all = Object.values(byType).reduce((sum, n) => sum + n, 0)
  const composition = core > 0 ? `${core} core agents, ${support} in support, ${ta} analysts` : `${grouped(all)} agents`
  return `${scenario}, seed ${seed}: ${grouped(steps)} steps, ${composition}, ${grouped(stepsPerSecond)} steps/s\n${endedLine(ended)}Digest: ${digest}\n`
}

function endedLine(ended: RunResult['ended']): string {
  if (ended === undefined) return ''
  return `Ended: ${endedBecause(ended)}\n`
}

function endedBecause(ended: NonNullable<RunResult['ended']>): string {
  if (ended.by === 'data') return 'the data ended'
  return ended.by === 'model' ? `the model stopped: ${ended.why}` : ended.why
}

function portfolios(result: RunResult): string {
  const { portfolios, buyAndHold } = result
  if (portfolios === undefined) return ''
  const named = { baseline: portfolios.baseline, mycelial: portfolios.mycelial, synthesized: portfolios.synthesized }
  const all = Object.entries(buyAndHold === undefined ? named : { ...named, 'buy and hold': buyAndHold })
  return `${columns([['', ...all.map(([name]) => name)], ...metricRows(all.map(([, values]) => values))])}${matched(result)}${untradable(result)}${drawdowns(result)}`
}

/** Buy-and-hold with as much daily risk as the baseline. */
function matched({ buyAndHoldMatched }: RunResult): string {
  if (buyAndHoldMatched === undefined) return ''
  const { share, return: gained } = buyAndHoldMatched
  return `Buy and hold with the daily risk of the baseline (${percent(share)} of the capital): ${percent(gained, true)}\n`
}

/** The bars that no figure counts: nothing could be traded on them. */
function untradable({ tradable, steps }: RunResult): string {
  if (tradable === undefined || tradable.bars >= steps) return ''
  const { since, bars } = tradable
  const when = since === null ? 'trading could not begin' : `those from ${minuteOf(since)} UTC on, when trading could begin`
  return `Figures count ${grouped(bars)} of ${grouped(steps)} bars: ${when}.\n`
}

function minuteOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ')
}

/** What a drawdown limit that is re-based does not promise. */
function drawdowns({ haltsByKind, drawdownRule }: RunResult): string {
  const n = haltsByKind?.drawdown ?? 0
  if (n === 0 || drawdownRule === undefined) return ''
  return `Drawdown halts: ${grouped(n)}; ${drawdownRule}\n`
}

function patterns({ patterns, drivers }: RunResult, approved: readonly Approval[]): string {
  if (patterns === undefined) return ''
  const { hypothesisSpace, tested, candidates, confirmed } = patterns
  const funnel = `${grouped(tested)} tests over ${grouped(hypothesisSpace)} hypotheses, ${candidates} candidates, ${confirmed} confirmed`
  const lines = [`Patterns: ${funnel}, ${approved.length} approved${approved.length > 0 ? ':' : '.'}`]
  for (const one of approved.slice(0, mostNamed)) lines.push(`  ${nameOf(one)}`)
  if (approved.length > mostNamed) lines.push(`  … and ${approved.length - mostNamed} more, in mycelial_patterns.db`)
  const noise = approved.filter(one => one.placebo).length
  if (patterns.detectable !== undefined) lines.push(missedSentence(patterns.detectable, approved.length))
  if (drivers !== undefined && drivers.placebo > 0)
    lines.push(`${drivers.placebo} of ${drivers.total} drivers are placebo noise: what is found in them is a false discovery.`)
  if (noise > 0) lines.push(`False discoveries: ${noise} of them, in placebo noise.`)
  return `${lines.join('\n')}\n`
}

function nameOf({ pattern, sign, step, placebo, traded }: Approval): string {
  const [driver, transform, lag, pair, horizon] = pattern.split('|')
  const what = `${driver} (${transform}) ${sign > 0 ? 'lifts' : 'lowers'} ${pair}, lag ${lag}, over ${horizon} ${horizon === '1' ? 'bar' : 'bars'}`
  return `${what}, approved at step ${grouped(step)}${traded === false ? ', known, not traded' : ''}${placebo ? ': a false discovery, the stream is placebo noise' : ''}`
}

function ideas({ ideas, fills, trades, halts, rejectedInputs }: RunResult): string {
  if (ideas === undefined) return ''
  const rejected = rejectedInputs > 0 ? `, ${grouped(rejectedInputs)} inputs rejected` : ''
  return `Ideas: ${grouped(ideas)}, ${grouped(fills ?? 0)} fills, ${grouped(trades ?? 0)} trades, ${halts ?? 0} halts${rejected}\n`
}

/** Agreements of ideas, what chance gives, and ideas of opposite directions beside them. */
function collisions({ collisions }: RunResult): string {
  if (collisions === undefined) return ''
  const opposite = collisions.opposite === undefined ? '' : `; in opposite directions ${coincidences(collisions.opposite)}`
  return `Collisions: ${coincidences(collisions)}${opposite}\n`
}

function coincidences({ seen, byChance, sd, p }: Omit<NonNullable<RunResult['collisions']>, 'opposite'>): string {
  const spread = sd === undefined ? '' : ` ± ${sd.toFixed(1)}`
  const chance = p === undefined ? '' : `, p ${p < 0.01 ? p.toFixed(3) : p.toFixed(2)}`
  return `${grouped(seen)} (${byChance.toFixed(1)}${spread} by chance${chance})`
}

/** What the baseline did, and what its controls say. */
function controls({ baseline, controls }: RunResult): string {
  if (baseline === undefined) return ''
  const lines = [baselineSentence(baseline as BaselineSummary)]
  if (controls !== undefined) lines.push(...controlSentences(controls as unknown as Controls))
  return `${lines.join('\n')}\n`
}

/** Ideas whose quantity exact integers cannot hold: a very cheap coin, or very much capital. */
function tooLarge({ portfolios }: RunResult): string {
  const refused = Object.entries(portfolios ?? {}).flatMap(([name, { ignoredBy }]) =>
    (ignoredBy?.tooLarge ?? 0) === 0 ? [] : [`${name} ${grouped(ignoredBy?.tooLarge ?? 0)}`],
  )
  return refused.length === 0 ? '' : `Orders too large to be counted exactly, refused: ${refused.join(', ')}\n`
}

/** What memory changed: an idea's confidence, and with it whether and how large it is traded. */
function memory({ memory }: RunResult): string {
  if (memory === undefined) return ''
  const { ideas, changed, meanFactor, least, greatest, refused, admitted, sizedUp, sizedDown } = memory
  if (changed === 0) return `Memory: none of ${grouped(ideas)} ideas changed\n`
  const factors = `mean factor ${meanFactor.toFixed(3)} (${least.toFixed(2)} to ${greatest.toFixed(2)})`
  const effects = [`${grouped(refused)} refused`, `${grouped(sizedUp)} sized up`, `${grouped(sizedDown)} sized down`]
  if (admitted > 0) effects.push(`${grouped(admitted)} admitted`)
  return `Memory: ${grouped(changed)} of ${grouped(ideas)} ideas changed, ${factors}; ${effects.join(', ')}\n`
}

/** Pairs whose data ended while a position was open. */
function endedPairs({ dataEnded = [], dataEndedLoss }: RunResult): string {
  return dataEnded.length === 0 ? '' : `${dataEndedSentence(dataEnded, dataEndedLoss)}\n`
}

function quarantined({ counters }: RunResult): string {
  const n = Number(counters.quarantined ?? 0)
  return n > 0 ? `Quarantined agents: ${n}; manifest.json names them.\n` : ''
}
