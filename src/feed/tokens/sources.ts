/** The public sources of token data, none of which needs a key: where they are, and how often they may be asked. */

import type { WallClock } from '../clock.js'
import type { Counters } from '../counters.js'
import { RateLimitedClient } from '../moats/rate-limited-client.js'

/** The public address, the variable that points elsewhere, and the least time between two requests. */
interface Source {
  readonly url: string
  readonly env: string
  readonly intervalMs: number
}

/** https://docs.dexscreener.com/api/reference (300 a minute), https://apiguide.geckoterminal.com (30 a minute), https://solana.com/docs/references/clusters (100 in ten seconds). */
export const tokenSources = {
  dexscreener: { url: 'https://api.dexscreener.com', env: 'MYCELIA_DEXSCREENER_URL', intervalMs: 250 },
  geckoterminal: { url: 'https://api.geckoterminal.com/api/v2', env: 'MYCELIA_GECKOTERMINAL_URL', intervalMs: 2_100 },
  solana: { url: 'https://api.mainnet-beta.solana.com', env: 'MYCELIA_SOLANA_URL', intervalMs: 250 },
} as const satisfies Readonly<Record<string, Source>>

export type SourceName = keyof typeof tokenSources

/** What all requests share. */
export interface Asking {
  readonly clock: WallClock
  readonly counters: Counters
  readonly env: Readonly<Record<string, string | undefined>>
  readonly until?: AbortSignal | undefined
}

/** A client of a source, and its address without a slash at the end. */
export interface SourceClient {
  readonly client: RateLimitedClient
  readonly url: string
}

export function sourceClient(name: SourceName, { clock, counters, env }: Asking): SourceClient {
  const { url, env: variable, intervalMs } = tokenSources[name]
  return { client: clientOf(name, intervalMs, { clock, counters, env }), url: (env[variable] || url).replace(/\/+$/, '') }
}

/** A client that says who asks; MYCELIA_CONTACT is where a service may write to. */
export function clientOf(name: string, intervalMs: number, { clock, counters, env }: Asking): RateLimitedClient {
  const contact = env.MYCELIA_CONTACT
  const userAgent = contact ? `mycelia (${contact})` : 'mycelia (market research; no contact given)'
  return new RateLimitedClient(name, { userAgent, intervalMs, timeoutMs: 15_000 }, clock, counters)
}
