/** The controls: what chance would have made of the baseline's trades, and others' trades in place of the synthesized ones. */

import { type BaselineSummary, baselineSentence, type Controls, controlSentences } from '../../trading/index.js'
import type { ReportData } from '../data.js'
import { type Section, text } from '../panels.js'

/** Nothing for a run of an older version, which has no controls. */
export function controlsSection({ manifest }: ReportData): Section[] {
  const { baseline, controls } = manifest.summary as { baseline?: BaselineSummary; controls?: Controls }
  if (baseline === undefined) return []
  const panels = [text('Against chance', controls === undefined ? [notYet] : comparisons(controls))]
  return [{ id: 'controls', title: 'Baseline and controls', lead: baselineSentence(baseline), panels }]
}

const notYet = 'Controls are computed at the end of a finished simulated run.'

function comparisons(controls: Controls): string[] {
  const sentences = controlSentences(controls)
  if (sentences.length === 0) return ['No finished trades to compare.']
  return [
    ...sentences,
    'Random entries keep each pair’s number of trades, directions, holding times and costs; only their moments are drawn. Thinnings draw, in each pair, as many of the other portfolio’s trades as the synthesized portfolio made. Intervals take trades as independent, which trades that overlap are not.',
  ]
}
