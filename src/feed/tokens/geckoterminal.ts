/** GeckoTerminal: the last minutes of a pool, price and volume. */

import * as z from 'zod'
import { SECOND_MS, type TimeMs } from '../../core/index.js'
import type { SourceClient } from './sources.js'

const candle = z.tuple([z.number(), z.number(), z.number(), z.number(), z.number().positive(), z.number().min(0)])
const answerSchema = z.object({ data: z.object({ attributes: z.object({ ohlcv_list: z.array(z.unknown()).max(1_000) }) }) })

/** A minute: its start, price at its end and volume, in SOL. */
export interface PoolMinute {
  readonly time: TimeMs
  readonly close: number
  readonly volume: number
}

/** The last hour, the oldest minute first; minutes without a trade are left out by the service. */
export async function poolMinutes({ client, url }: SourceClient, pool: string, until?: AbortSignal): Promise<PoolMinute[]> {
  const query = 'aggregate=1&limit=60&currency=token&token=base'
  const holds = (body: unknown) => answerSchema.safeParse(body).success
  const path = `${url}/networks/solana/pools/${encodeURIComponent(pool)}/ohlcv/minute?${query}`
  const answer = answerSchema.parse(await client.get(path, { ...(until && { until }), holds }))
  const minutes = answer.data.attributes.ohlcv_list.flatMap(given => {
    const parsed = candle.safeParse(given)
    if (!parsed.success) return []
    const [seconds, , , , close, volume] = parsed.data
    return [{ time: seconds * SECOND_MS, close, volume }]
  })
  return minutes.sort((a, b) => a.time - b.time)
}
