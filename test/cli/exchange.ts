/** An exchange beside a command: a stand-in for Kraken where every pair trades ten times a second, and moats that answer nothing. */

import { onTestFinished } from 'vitest'
import { KrakenStandin } from '../standins/kraken/standin.js'

/** Moats that answer nothing, at once. */
export const noMoats = Object.fromEntries(
  ['GITHUB', 'WEATHER', 'FREIGHT', 'FEDERAL_REGISTER', 'SEC'].map(name => [`MYCELIA_${name}_URL`, 'http://127.0.0.1:9']),
)

/** A trade of each pair in every bar of the past, at prices that end at those of now. */
export interface Past {
  readonly bars: number
  readonly barMs: number
  /** By how much all prices rise meanwhile, as a share. */
  readonly risesBy: number
}

/** The environment of a command that is to find it. */
export async function exchange({ history }: { history?: Past } = {}): Promise<Record<string, string>> {
  const kraken = await KrakenStandin.start()
  if (history !== undefined) happened(kraken, history)
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

function happened(kraken: KrakenStandin, { bars, barMs, risesBy }: Past): void {
  const begin = kraken.now() - bars * barMs
  for (let k = 0; k < bars; k++)
    for (const { symbol } of kraken.pairs)
      kraken.trade(symbol, (100 * (1 + (risesBy * k) / bars)) / (1 + risesBy), 1, begin + k * barMs)
}
