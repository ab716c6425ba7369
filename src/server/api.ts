/** The REST view of a live run: its status, positions, trades and decisions as JSON, a page at a time. It can only be read. */

import { OperatorError } from '../core/index.js'
import { type HttpRoute, json } from './http.js'
import { serverLimits } from './limits.js'

/** Which rows are wanted. */
export interface PageFilter {
  readonly pair: string | null
  readonly portfolio: string | null
  /** Ms since 1970, UTC: rows from then on. */
  readonly since: number | null
  /** Rows older than this one, by its number. */
  readonly before: number | null
  readonly limit: number
}

/** Rows, the newest first, and from where on the next page has the older ones; null: there are none. */
export interface Page {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly next: number | null
}

/** Where the view reads. Undefined: there is no run yet. */
export interface ApiSource {
  status(): unknown
  positions(filter: Pick<PageFilter, 'pair' | 'portfolio'>): unknown
  trades(filter: PageFilter): Page | undefined
  decisions(filter: PageFilter): Page | undefined
}

const filters = ['pair', 'portfolio', 'since', 'before', 'limit'] as const
type Filter = (typeof filters)[number]

/** The routes by path. */
export function apiRoutes(source: ApiSource): Readonly<Record<string, HttpRoute>> {
  return {
    '/api/status': route([], () => source.status()),
    '/api/positions': route(['pair', 'portfolio'], filter => source.positions(filter)),
    '/api/trades': route(filters, filter => source.trades(filter)),
    '/api/decisions': route(filters, filter => source.decisions(filter)),
  }
}

function route(known: readonly Filter[], read: (filter: PageFilter) => unknown): HttpRoute {
  return query => {
    const value = read(filterIn(query, known))
    return value === undefined ? json({ error: 'The run has not begun yet.' }, 503) : json(value)
  }
}

function filterIn(query: URLSearchParams, known: readonly Filter[]): PageFilter {
  for (const name of query.keys())
    if (!known.includes(name as Filter)) throw wrong(`the query "${name}"`, known.length === 0 ? 'none' : known.join(', '), name)
  const { pageRows, mostRows } = serverLimits
  return {
    pair: textIn(query, 'pair'),
    portfolio: textIn(query, 'portfolio'),
    since: timeIn(query),
    before: numberIn(query, 'before', Number.MAX_SAFE_INTEGER),
    limit: numberIn(query, 'limit', mostRows) ?? pageRows,
  }
}

function textIn(query: URLSearchParams, name: Filter): string | null {
  const text = query.get(name)
  if (text === null || (text.length > 0 && text.length <= 100)) return text
  throw wrong(name, 'a name', text.slice(0, 100))
}

function numberIn(query: URLSearchParams, name: Filter, most: number): number | null {
  const text = query.get(name)
  if (text === null) return null
  const n = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (n >= 1 && n <= most) return n
  throw wrong(name, `a whole number from 1 to ${most}`, text.slice(0, 100))
}

/** Ms since 1970, or ISO 8601 with its zone. */
function timeIn(query: URLSearchParams): number | null {
  const text = query.get('since')
  if (text === null) return null
  const isIso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  const time = /^\d{1,15}$/.test(text) ? Number(text) : isIso ? Date.parse(text) : Number.NaN
  if (Number.isFinite(time)) return time
  throw wrong('since', 'ms since 1970, or a time such as 2026-01-31T00:00:00Z', text.slice(0, 100))
}

function wrong(what: string, expected: string, got: string): OperatorError {
  return new OperatorError({ what, expected, got })
}
