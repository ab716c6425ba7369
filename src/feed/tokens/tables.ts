/** The tables that a user may bring: catalogue, news, preferences, prices and past trades. */

import { readFileSync } from 'node:fs'
import { OperatorError, type TimeMs } from '../../core/index.js'
import { readCsv } from '../../market/index.js'
import { amount, mint, number, optional, positive, text, time, word } from './cells.js'

const share = number(0, 1)
const mood = number(-1, 1)
const phases = ['early', 'mid', 'late', 'graduated'] as const

const catalogColumns = {
  token_mint: mint,
  strategy: optional(word('scalper', 'swing', 'any'), 'any' as const),
  stage: optional(word(...phases, 'any'), 'any' as const),
  risk: optional(share, null),
  creator_reputation: optional(share, null),
  list: optional(word('white', 'black'), 'none' as const),
}
const newsColumns = { time, token_mint: mint, mood, title: optional(text, ''), source: optional(text, '') }
const preferenceColumns = {
  user_id: text,
  profile: word('scalper', 'swing'),
  base_size_sol: number(0, 1e6),
  category: optional(text, null),
  from: optional(time, 0),
  until: optional(time, Number.MAX_SAFE_INTEGER),
  source: optional(text, 'file'),
}
const seriesColumns = { time, token_mint: mint, price: positive, volume: optional(number(0, 1e12), 0) }
const tradeColumns = {
  user_id: text,
  token_mint: mint,
  action: word('buy', 'sell'),
  amount,
  price: number(0, 1e9),
  timestamp: time,
  pnl: optional(number(-1e18, 1e18), null),
  slippage: optional(number(0, 1e18), 0),
  holding_period: optional(number(0, 1e15), null),
  risk_score: optional(share, null),
  confidence: optional(share, null),
  transaction_id: optional(text, null),
}

/** A row of `news_signals.csv`. */
export type NewsRow = ReturnType<typeof readNewsSignals>[number]
/** A user of `user_preferences.csv`, with all that was agreed to. */
export interface Preference {
  readonly user: string
  readonly profile: 'scalper' | 'swing'
  readonly baseSizeSol: number
  readonly consents: readonly { category: string; from: TimeMs; until: TimeMs; source: string }[]
}
/** A row of `time-series.csv`: price in SOL for a token, volume in SOL. */
export type SeriesRow = ReturnType<typeof readTimeSeries>[number]

/** `token-strategy-catalog.csv`; a token stands there once. */
export function readCatalog(content: string, file: string) {
  const mints = new Set<string>()
  return readCsv(content, file, catalogColumns).map(({ row, wrong }) => {
    if (mints.has(row.token_mint)) throw wrong('token_mint', 'every mint once')
    mints.add(row.token_mint)
    return row
  })
}

/** `news_signals.csv`, the oldest first. */
export function readNewsSignals(content: string, file: string) {
  return inOrder(readCsv(content, file, newsColumns).map(({ row }) => row))
}

/** `user_preferences.csv`: a row a consent; a user has one profile and one size. */
export function readPreferences(content: string, file: string): Preference[] {
  const users = new Map<string, Preference & { consents: { category: string; from: TimeMs; until: TimeMs; source: string }[] }>()
  for (const { row, wrong } of readCsv(content, file, preferenceColumns)) {
    const { user_id: user, profile, base_size_sol: baseSizeSol, category, from, until, source } = row
    const known = users.get(user) ?? { user, profile, baseSizeSol, consents: [] }
    if (known.profile !== profile) throw wrong('profile', `${known.profile}, as in an earlier row of this user`)
    if (known.baseSizeSol !== baseSizeSol) throw wrong('base_size_sol', `${known.baseSizeSol}, as in an earlier row of this user`)
    if (category !== null) known.consents.push({ category, from, until, source })
    users.set(user, known)
  }
  return [...users.values()]
}

/** `time-series.csv`, the oldest first; of one token there is one price an instant. */
export function readTimeSeries(content: string, file: string) {
  const seen = new Set<string>()
  const rows = readCsv(content, file, seriesColumns).map(({ row, wrong }) => {
    const key = `${row.time} ${row.token_mint}`
    if (seen.has(key)) throw wrong('time', 'one price of a token an instant')
    seen.add(key)
    return row
  })
  return inOrder(rows)
}

/** `historical_trades.csv`; the id of a transaction stands there once. */
export function readHistoricalTrades(content: string, file: string) {
  const ids = new Set<string>()
  return readCsv(content, file, tradeColumns).map(({ row, wrong }) => {
    if (row.transaction_id !== null && ids.has(row.transaction_id)) throw wrong('transaction_id', 'every transaction id once')
    if (row.transaction_id !== null) ids.add(row.transaction_id)
    return row
  })
}

function inOrder<R extends { readonly time: TimeMs }>(rows: R[]): R[] {
  return rows.sort((a, b) => a.time - b.time)
}

/** The text of a file, for the readers above. */
export function tableText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    throw new OperatorError({ what: path, expected: 'a file of text in UTF-8', next: 'Check the path.' }, { cause })
  }
}
