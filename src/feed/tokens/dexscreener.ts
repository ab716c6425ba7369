/** DexScreener: price, traded volume, buyers and age of tokens, up to thirty a request. */

import * as z from 'zod'
import type { TimeMs } from '../../core/index.js'
import type { SourceClient } from './sources.js'

const PER_REQUEST = 30
const counts = z.object({ buys: z.number().min(0), sells: z.number().min(0) })
const pairSchema = z.object({
  chainId: z.literal('solana'),
  dexId: z.string(),
  pairAddress: z.string(),
  baseToken: z.object({ address: z.string(), symbol: z.string().default('') }),
  quoteToken: z.object({ symbol: z.string() }),
  /** In SOL. */
  priceNative: z.coerce.number().positive(),
  txns: z.object({ m5: counts.optional(), h1: counts.optional() }).default({}),
  volume: z.object({ m5: z.number().min(0).optional(), h1: z.number().min(0).optional() }).default({}),
  priceUsd: z.coerce.number().positive().optional(),
  pairCreatedAt: z.number().min(0).optional(),
})

/** A token as its most traded pair against SOL shows it. */
export interface ListedToken {
  readonly mint: string
  readonly symbol: string
  readonly pool: string
  /** On the curve still, not in a pool. */
  readonly onCurve: boolean
  readonly priceSol: number
  readonly buyers: number
  /** Bought less sold in five minutes, SOL, as the counts of trades divide the volume. */
  readonly flowSol: number
  readonly volumeHourSol: number
  readonly createdAt: TimeMs | null
}

/** What can be read; a pair that cannot is passed over, and so is a token without one against SOL. */
export async function listedTokens(
  { client, url }: SourceClient,
  mints: readonly string[],
  until?: AbortSignal,
): Promise<ListedToken[]> {
  const found: ListedToken[] = []
  for (let at = 0; at < mints.length; at += PER_REQUEST) {
    const some = mints.slice(at, at + PER_REQUEST)
    const answer = await client.get(`${url}/tokens/v1/solana/${some.join(',')}`, {
      ...(until && { until }),
      holds: Array.isArray,
    })
    found.push(...tokensIn(answer as unknown[], some))
  }
  return found
}

function tokensIn(answer: readonly unknown[], mints: readonly string[]): ListedToken[] {
  const best = new Map<string, { pair: z.output<typeof pairSchema>; volume: number }>()
  for (const given of answer) {
    const parsed = pairSchema.safeParse(given)
    if (!parsed.success || parsed.data.quoteToken.symbol !== 'SOL') continue
    const { address } = parsed.data.baseToken
    const volume = parsed.data.volume.h1 ?? 0
    if (mints.includes(address) && volume >= (best.get(address)?.volume ?? 0)) best.set(address, { pair: parsed.data, volume })
  }
  return [...best].map(([mint, { pair }]) => listed(mint, pair))
}

function listed(mint: string, pair: z.output<typeof pairSchema>): ListedToken {
  const { priceNative, priceUsd, txns, volume, baseToken, pairAddress, dexId, pairCreatedAt } = pair
  const inSol = (usd: number) => (priceUsd === undefined ? 0 : (usd * priceNative) / priceUsd)
  const { buys = 0, sells = 0 } = txns.m5 ?? {}
  const side = buys + sells === 0 ? 0 : (buys - sells) / (buys + sells)
  return {
    mint,
    symbol: baseToken.symbol,
    pool: pairAddress,
    onCurve: dexId === 'pumpfun',
    priceSol: priceNative,
    buyers: txns.h1?.buys ?? 0,
    flowSol: side * inSol(volume.m5 ?? 0),
    volumeHourSol: inSol(volume.h1 ?? 0),
    createdAt: pairCreatedAt ?? null,
  }
}
