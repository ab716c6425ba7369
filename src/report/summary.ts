/** A run's summary as the report reads it: loosely, because a report is also made of runs that ended early. */

import type { MetricName } from '../trading/index.js'
import type { ReportData } from './data.js'

/** Metrics by name, and why one is null. */
export interface Figures {
  readonly values: Readonly<Record<string, unknown>>
  readonly reasons: Readonly<Record<string, unknown>>
}

export interface PortfolioSummary {
  /** `baseline`, `mycelial`, `synthesized` or `hold`. */
  readonly name: string
  readonly title: string
  readonly about: string
  readonly figures: Figures
}

const portfolioTitles = [
  ['baseline', 'Baseline', 'trades technical analysis'],
  ['mycelial', 'Mycelial', 'trades approved patterns'],
  ['synthesized', 'Synthesized', 'trades only where both agree'],
  ['buy_and_hold', 'Buy and hold', 'equal weights from the first bar that could be traded'],
] as const

export const titles: Readonly<Record<string, string>> = Object.fromEntries(portfolioTitles.map(([name, title]) => [name, title]))

export function titleOf(portfolio: string): string {
  return titles[portfolio] ?? portfolio
}

/** The three portfolios and buy-and-hold, as far as the summary has them. */
export function portfolioSummaries({ manifest }: ReportData): PortfolioSummary[] {
  const portfolios = record(manifest.summary.portfolios)
  return portfolioTitles.flatMap(([name, title, about]) => {
    const values = name === 'buy_and_hold' ? manifest.summary.buyAndHold : portfolios[name]
    if (values === undefined) return []
    return [{ name, title, about, figures: { values: record(values), reasons: record(record(values).reasons) } }]
  })
}

/** A figure, or undefined where the summary lacks it. */
export function figure({ values }: Figures, name: MetricName): number | undefined {
  return number(values[name])
}

export function reason({ reasons }: Figures, name: MetricName): string {
  const why = reasons[name]
  return typeof why === 'string' ? why : 'not computed for this run'
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
