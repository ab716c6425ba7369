/** A run's summary as the report reads it: loosely, because a report is also made of runs that ended early. */

import type { MetricName } from '../trading/index.js'
import type { ReportData } from './data.js'

/** Metrics by name, and why one is null. */
export interface Figures {
  readonly values: Readonly<Record<string, unknown>>
  readonly reasons: Readonly<Record<string, unknown>>
}

export interface Portfolio {
  /** `baseline`, `mycelial`, `synthesized` or `hold`. */
  readonly name: string
  readonly title: string
  readonly about: string
  readonly figures: Figures
}

const portfolios = [
  ['baseline', 'Baseline', 'trades technical analysis'],
  ['mycelial', 'Mycelial', 'trades approved patterns'],
  ['synthesized', 'Synthesized', 'trades only where both agree'],
  ['hold', 'Buy and hold', 'equal weights from the start'],
] as const

export const titles: Readonly<Record<string, string>> = Object.fromEntries(portfolios.map(([name, title]) => [name, title]))

/** The three books and buy-and-hold, as far as the summary has them. */
export function portfoliosOf({ manifest }: ReportData): Portfolio[] {
  const books = record(manifest.summary.books)
  return portfolios.flatMap(([name, title, about]) => {
    const values = name === 'hold' ? manifest.summary.hold : books[name]
    if (values === undefined) return []
    return [{ name, title, about, figures: { values: record(values), reasons: record(record(values).reasons) } }]
  })
}

/** A figure, or undefined where there is none. */
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
