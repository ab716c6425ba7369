/** Rate limits from the environment, which replace the feeds' own where a simulated exchange runs in accelerated time. */

import { OperatorError } from '../core/index.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Options for the feeds of Kraken, other exchanges and the moats, from `KRAKEN_REST_INTERVAL_MS`, `EXCHANGE_RETRY_MS` and `MYCELIA_MOAT_POLL_MS`. */
export function rateLimitsIn(environment: Environment) {
  const restIntervalMs = milliseconds(environment, 'KRAKEN_REST_INTERVAL_MS')
  const pollMs = milliseconds(environment, 'MYCELIA_MOAT_POLL_MS')
  const retryMs = milliseconds(environment, 'EXCHANGE_RETRY_MS')
  return {
    exchange: retryMs === undefined ? {} : { retryMs },
    kraken: restIntervalMs === undefined ? {} : { restIntervalMs },
    moats: pollMs === undefined ? {} : { pollMs, intervalMs: 0 },
  }
}

function milliseconds(environment: Environment, name: string): number | undefined {
  const text = environment[name]
  if (!text) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new OperatorError({ what: name, expected: 'milliseconds', got: text })
}
