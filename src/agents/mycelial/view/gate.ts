/** HAVEN: the locks in force, the limits and how far each is used, and why signals led to nothing. */

import type { Cell } from '../../../core/index.js'
import { formatTime } from '../../../market/index.js'
import type { TablePanel } from '../../../model/index.js'
import {
  equityE6,
  grossE6,
  limitSpecsOf,
  type Portfolio,
  type PortfolioName,
  portfolioNames,
  type Risk,
  refusalReasons,
  reservedE6,
  swarmPortfolio,
} from '../../../trading/index.js'
import type { Swarm } from '../swarm.js'
import { rounded } from './cells.js'

export const locks: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Risk',
  about: 'What stops entries now. A lock never keeps a position from being closed.',
  columns: ['portfolio', 'pair', 'kind', 'since', 'until', 'reason', 'ends'],
  empty: 'No lock is in force.',
  look: ({ model }) =>
    model.locks.map(({ id, portfolio, pair, kind, time, until, reason, ends }) => ({
      cells: {
        portfolio,
        pair: pair ?? 'every pair',
        kind,
        since: formatTime(time),
        until: until === null ? null : formatTime(until),
        reason,
        ends,
      },
      detail: [`Lock ${id}.`, refusalReasons[kind]?.says ?? `It is of the kind ${kind}.`],
      order: {
        label: 'End',
        says: `The lock of ${pair ?? 'every pair'} ends, where an operator may end it: ${reason}.`,
        order: { do: 'unlock', id },
      },
    })),
}

export const limits: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Risk',
  about:
    'The limits that hold for every portfolio, and how much of each a portfolio uses now, where that can be said in one number.',
  look: ({ model }) => {
    const specs = limitSpecsOf(model.gateRules)
    return Object.entries(model.limits).flatMap(([name, value]) => {
      if (value === undefined || name === 'excess') return []
      const used = Object.fromEntries(portfolioNames.map(portfolio => [portfolio, usedOf(model, name, portfolio)]))
      return [{ cells: { limit: name, value: cellOf(value), ...used, meaning: specs[name]?.meaning ?? null } }]
    })
  },
}

function cellOf(value: unknown): Cell {
  return typeof value === 'number' || typeof value === 'boolean'
    ? value
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
}

function usedOf(model: Swarm, limit: string, name: PortfolioName): number | null {
  const portfolio = model.traders.at(0)?.portfolios[name]
  const use = uses[limit]
  return portfolio === undefined || use === undefined ? null : rounded(use(portfolio, model.risk), 4)
}

/** In the unit of the limit. */
const uses: Readonly<Record<string, (portfolio: Portfolio, risk: Risk | undefined) => number>> = {
  grossShare: portfolio => (grossE6(portfolio) + reservedE6(portfolio)) / equityE6(portfolio),
  pairShare: portfolio => Math.max(0, ...portfolio.held.map(({ position }) => position?.markE6 ?? 0)) / equityE6(portfolio),
  openPositions: ({ held, entries }) => held.length + entries.size,
  maxDrawdown: (portfolio, risk) => {
    const peak = risk?.portfolios[swarmPortfolio(portfolio.name)].peakE6 ?? Number.NaN
    return (peak - equityE6(portfolio)) / peak
  },
}

export const refused: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Risk',
  about: 'How many signals of each portfolio led to nothing so far, by reason.',
  columns: ['portfolio', 'reason', 'signals', 'meaning'],
  empty: 'No signal was refused yet.',
  look: ({ model }) => {
    const trader = model.traders.at(0)
    if (trader === undefined) return []
    return portfolioNames.flatMap(portfolio =>
      Object.entries(trader.portfolios[portfolio].ignored)
        .filter(([, n]) => n > 0)
        .sort((a, b) => b[1] - a[1])
        .map(([reason, n]) => ({
          cells: { portfolio, reason, signals: n, meaning: refusalReasons[reason]?.says ?? `The rule ${reason} refused it.` },
        })),
    )
  },
}
