/** A public node of Solana, asked for one thing: the account of a token's curve. Nothing is ever sent to the chain. */

import * as z from 'zod'
import { type CurveAccount, LAUNCH_PROGRAM, readCurveAccount } from './curve-account.js'
import { bytesOf, programAddress } from './program-address.js'
import type { SourceClient } from './sources.js'

const answerSchema = z.object({
  result: z.object({
    value: z.object({ owner: z.string(), data: z.tuple([z.base64(), z.literal('base64')]) }).nullable(),
  }),
})

/** Where the account of a token's curve stands. */
export function curveAddress(mint: string): string {
  return programAddress([new TextEncoder().encode('bonding-curve'), bytesOf(mint)], LAUNCH_PROGRAM)
}

/** Null where the token has no curve, or its account is that of another program. */
export async function curveOf({ client, url }: SourceClient, mint: string, until?: AbortSignal): Promise<CurveAccount | null> {
  const params = [curveAddress(mint), { encoding: 'base64', commitment: 'confirmed' }]
  const post = { jsonrpc: '2.0', id: 1, method: 'getAccountInfo', params }
  const holds = (body: unknown) => answerSchema.safeParse(body).success
  const { value } = answerSchema.parse(await client.get(url, { ...(until && { until }), post, holds })).result
  if (value === null || value.owner !== LAUNCH_PROGRAM) return null
  return readCurveAccount(Buffer.from(value.data[0], 'base64'))
}
