/** What the baseline does and what its controls say, in sentences for people: the terminal and the report print the same. */

import { grouped } from '../core/index.js'
import type { Controls } from './controls.js'
import type { Thinning } from './thinning.js'

/** The baseline's rule, the setting in force, and what became of its views; a part of a run's summary. */
export interface BaselineSummary {
  readonly rule: 'technical' | 'talkative'
  /** Null where a strategy of the user's, or the talkative vote, stands in its place. */
  readonly trend: { readonly fast: number; readonly slow: number; readonly horizonBars: number; readonly changes: number } | null
  readonly views: number
  /** Views that repeated one the rule had acted on, and views that did not pay their costs. */
  readonly standing: number
  readonly unpaid: number
  /** Views that were refused for another reason: a halt, no room, too little confidence. */
  readonly refused: number
}

export function baselineSentence({ rule, trend, views, standing, unpaid, refused }: BaselineSummary): string {
  if (rule === 'talkative') return `Baseline: trades every one of its ${grouped(views)} ideas.`
  const acted = `of ${grouped(views)} standing views it acted on ${grouped(views - standing - unpaid - refused)}; ${grouped(standing)} repeated one it had acted on or came too early, ${grouped(unpaid)} did not pay their costs, ${grouped(refused)} were refused`
  if (trend === null) return `Baseline: ${acted}.`
  const { fast, slow, horizonBars, changes } = trend
  const chosen = changes === 0 ? 'as set' : `last choice of the walk-forward, changed ${times(changes)}`
  return `Baseline: follows the trend ${fast}/${slow} for ${horizonBars} bars (${chosen}); ${acted}.`
}

/** Nothing where there were no trades to compare. */
export function controlSentences({ randomEntry, mycelialThinned, baselineThinned, unpriced }: Controls): string[] {
  const sentences: string[] = []
  if (unpriced !== undefined) sentences.push(`No random entry, and no baseline trades priced again: ${unpriced}.`)
  if (randomEntry !== null) {
    const { net, sd, draws, trades, own, atLeast } = randomEntry
    sentences.push(
      `Random entry: ${bp(net)} net a trade (sd ${bp(sd, false)} over ${draws} draws of ${grouped(trades)}) where the baseline has ${bp(own)}; ${atLeast} of ${draws} draws did at least as well.`,
    )
  }
  if (mycelialThinned !== null) sentences.push(thinned(mycelialThinned, 'mycelial trades that agreed with nothing'))
  if (baselineThinned !== null)
    sentences.push(thinned(baselineThinned, 'baseline trades that agreed with nothing, held as long as they'))
  return sentences
}

function thinned({ trades, net, synthesized, difference, interval }: Thinning, others: string): string {
  const within = interval === null ? '' : ` (95 % ${bp(interval[0])} to ${bp(interval[1])})`
  return `Synthesized trades: ${bp(synthesized)} net, against ${bp(net)} of as many (${grouped(trades)}) ${others}: ${bp(difference)}${within}.`
}

/** A share in basis points, with its sign. */
function bp(x: number, signed = true): string {
  const text = Math.abs(x * 1e4).toFixed(1)
  const sign = x < 0 && Number(text) !== 0 ? '−' : signed && Number(text) !== 0 ? '+' : ''
  return `${sign}${text} bp`
}

function times(n: number): string {
  return n === 1 ? 'once' : `${grouped(n)} times`
}
