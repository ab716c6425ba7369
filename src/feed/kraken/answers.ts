/** What counts as an answer of Kraken's REST interface. A page of a captive portal, `{}` or an empty list is a failure, to be asked again. */

import { TransientError } from '../../core/index.js'

/** The public methods that the feed uses. */
export type RestMethod = 'AssetPairs' | 'OHLC' | 'Trades' | 'Time' | 'SystemStatus'

/** The `result` of an answer; throws a `TransientError` where it holds none of this method. `id`: the pair that was asked for. */
export function resultOf(method: RestMethod, answer: unknown, id = ''): Record<string, unknown> {
  const result = recordOf(recordOf(answer)?.result)
  const problem = result === undefined ? kindOf(answer) : problemOf(method, result, id)
  if (result !== undefined && problem === undefined) return result
  throw new TransientError(`${method}: Kraken’s answer holds ${problem}`)
}

function problemOf(method: RestMethod, result: Record<string, unknown>, id: string): string | undefined {
  if (method === 'Time') return isPositive(result.unixtime) ? undefined : 'no time'
  if (method === 'SystemStatus') return typeof result.status === 'string' ? undefined : 'no status'
  if (method === 'AssetPairs') return Object.values(result).some(pair => recordOf(pair) !== undefined) ? undefined : 'no pair'
  const rows = result[id]
  if (!Array.isArray(rows)) return `no rows of ${id}`
  // Nothing traded since the last page is an answer; candles end with the one in progress.
  return method === 'OHLC' && rows.length === 0 ? `no candle of ${id}` : undefined
}

function kindOf(answer: unknown): string {
  if (typeof answer === 'string') return /^\s*</.test(answer) ? 'a web page' : 'a text that is no JSON'
  return 'no result'
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
}
