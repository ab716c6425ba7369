/** The stand-ins of Kraken and the moats, together continuing the market of a finished simulated run in accelerated time. */

import { decodeValue } from '../../src/core/index.js'
import { type MarketSource, syntheticMarket } from '../../src/market/index.js'
import { RunDirectory } from '../../src/storage/index.js'
import { KrakenStandin } from '../standins/kraken/standin.js'
import { playMarket } from '../standins/market-tape.js'
import { MoatStandin } from '../standins/moats/standin.js'

/** The market of a run, from where the run's last checkpoint left it. */
export function marketAfter(runDir: string): MarketSource {
  const run = RunDirectory.read(runDir)
  const { manifest } = run
  const saved = decodeValue(run.loadCheckpoint().bytes) as { source: { market: unknown } }
  const { pairs, barMs } = manifest.parameters as { pairs: string[]; barMs: number }
  const source = syntheticMarket({ ...(manifest.market as { options: object }).options, pairs, barMs, seed: manifest.seed })
  source.restore(saved.source.market)
  return source
}

export interface PlayedMarket {
  readonly kraken: KrakenStandin
  readonly moats: MoatStandin
  /** What points the real clients here. */
  readonly environment: Record<string, string>
  readonly played: number
  stop(): Promise<void>
}

/** One bar of the market a `wallBarMs` of wall time. */
export async function continueMarket(source: MarketSource, wallBarMs: number): Promise<PlayedMarket> {
  const kraken = await KrakenStandin.start()
  const moats = await MoatStandin.start()
  const tape = playMarket({ source, kraken, moats, wallBarMs })
  return {
    kraken,
    moats,
    environment: {
      ...moats.env,
      KRAKEN_REST_URL: kraken.restUrl,
      KRAKEN_WS_URL: kraken.wsUrl,
      KRAKEN_REST_INTERVAL_MS: '20',
      MYCELIA_MOAT_POLL_MS: String(wallBarMs),
    },
    get played() {
      return tape.played
    },
    async stop() {
      tape.stop()
      await Promise.all([kraken.stop(), moats.stop()])
    },
  }
}
