/** Each moat as a product: the outcome of its patterns, and its latest stream values. */

import type { ApprovedPattern, MoatProduct, TradingReport } from '../data.js'
import { counted } from '../format.js'
import { panel, type ReportPanel, type Section, table, text } from '../panels.js'

/** Standardised values lie between. */
const zRange = { min: -4, max: 4 }

export function moatsSection({ trading: { moats }, patterns }: TradingReport): Section[] {
  const lead = 'Each moat is a product of its own: streams read by its learners, standardised, and offered to finance as drivers.'
  const panels =
    moats.length === 0
      ? [text('Moats', ['No moat announced anything.'])]
      : [moatTable(moats, patterns?.approved ?? []), streamTable(moats)]
  return [{ id: 'moats', title: 'Moats', lead, panels }]
}

function moatTable(moats: readonly MoatProduct[], approved: readonly ApprovedPattern[]): ReportPanel {
  const rows = moats.map(({ moat, products, signalTypes, counts }) => ({
    cells: {
      moat,
      product: products.join(', ') || 'No pattern announced',
      'kind of signal': signalTypes.join(' '),
      candidates: counts.candidate ?? 0,
      confirmed: counts.confirmed ?? 0,
      approved: counts.approved ?? 0,
      retired: counts.retired ?? 0,
    },
    detail: approved.filter(pattern => pattern.moat === moat).map(ownPattern),
  }))
  return table('Moats', rows, { about: 'A click shows the approved patterns of a moat.' })
}

function ownPattern({ driver, transform, pair, lag, horizon, sign, truth }: ApprovedPattern): string {
  const wrong = truth === 'placebo' || truth === 'not planted' ? '; a false discovery' : ''
  return `${driver}${transform === 'level' ? '' : `, ${transform}`} → ${pair}: lag ${lag}, ${counted(horizon, 'bar')}, ${sign > 0 ? 'lifts' : 'lowers'}${wrong}`
}

function streamTable(moats: readonly MoatProduct[]): ReportPanel {
  const streams = moats.flatMap(({ streams }) => streams)
  const length = Math.max(0, ...streams.map(({ recent }) => recent.length))
  const value = streams.map(({ driver, placebo, recent }) => ({
    cells: { stream: driver, kind: placebo ? 'placebo' : '', 'last z': recent.at(-1) ?? null },
  }))
  const about = `z of the last ${counted(length, 'value')}, all on one scale.`
  return panel(
    'Streams',
    'table',
    { value, sparks: streams.map(({ recent }) => recent) },
    { about, ...zRange, empty: 'No stream was read.' },
  )
}
