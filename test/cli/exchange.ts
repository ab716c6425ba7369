/** An exchange beside a command: a stand-in for Kraken where every pair trades ten times a second, and moats that answer nothing. */

import { onTestFinished } from 'vitest'
import { KrakenStandin } from '../standins/kraken/standin.js'

/** Moats that answer nothing, at once. */
export const noMoats = Object.fromEntries(
  ['GITHUB', 'WEATHER', 'FREIGHT', 'FEDERAL_REGISTER', 'SEC'].map(name => [`MYCELIA_${name}_URL`, 'http://127.0.0.1:9']),
)

/** The environment of a command that is to find it. */
export async function exchange(): Promise<Record<string, string>> {
  const kraken = await KrakenStandin.start()
  let n = 0
  const timer = setInterval(() => {
    for (const { symbol } of kraken.pairs) kraken.trade(symbol, 100 + Math.sin(n++ / 40), 1)
  }, 100)
  onTestFinished(async () => {
    clearInterval(timer)
    await kraken.stop()
  })
  return {
    KRAKEN_REST_URL: kraken.restUrl,
    KRAKEN_WS_URL: kraken.wsUrl,
    KRAKEN_REST_INTERVAL_MS: '5',
    REDIS_URL: '',
    REDIS_HOST: '',
    MYCELIA_RUNS: 'runs',
  }
}
