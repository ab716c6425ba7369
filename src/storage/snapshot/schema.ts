/** What a snapshot holds: a user as he stands at one instant, and the tokens that were looked at. One schema; every other form derives from it. */

import * as z from 'zod'
import { isMint } from '../../core/index.js'
import { snapshotLimits } from './limits.js'

/** The form that is written. Another minor adds fields, another major changes what fields mean. */
export const SNAPSHOT_VERSION = '2.0'

const MOST_AMOUNT = 2n ** 64n - 1n

/** A whole number of the chain, below 2⁶⁴: as text, since a double counts to 2⁵³ alone. Safe integers are taken too. */
const amount = z.preprocess(
  value => (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? String(value) : value),
  z
    .string('a whole number from 0 to 2^64 − 1')
    .regex(/^(0|[1-9]\d{0,19})$/, 'a whole number from 0 to 2^64 − 1')
    .refine(text => !/^\d{1,20}$/.test(text) || BigInt(text) <= MOST_AMOUNT, 'a whole number from 0 to 2^64 − 1')
    .meta({ format: 'uint64' }),
)
const time = z.int('ms since 1970').min(0).meta({ format: 'int64' })
const name = z.string().min(1).max(200)
const mint = z.string().refine(isMint, 'a mint: 32 bytes in base58')
const share = z.number().min(0).max(1)
const mood = z.number().min(-1).max(1)
const series = z.array(z.number().nonnegative()).max(snapshotLimits.minutes)

const consent = z.object({ category: name, from: time, until: time, source: name }).meta({ title: 'Consent' })

const profile = z
  .object({
    style: z.enum(['scalper', 'swing']),
    base_size_lamports: amount,
    consents: z.array(consent).max(snapshotLimits.consents).default([]),
  })
  .meta({ title: 'Profile' })

const balance = z.object({ asset: name, amount }).meta({ title: 'Balance' })

const holding = z.object({ mint, amount, cost_lamports: amount, since: time }).meta({ title: 'Holding' })

const transaction = z
  .object({ id: name, mint, action: z.enum(['buy', 'sell']), amount, lamports: amount, time })
  .meta({ title: 'Transaction' })

const bot = z
  .object({ id: name, strategy: name, enabled: z.boolean(), max_open: z.int().min(0).max(10_000).meta({ format: 'int64' }) })
  .meta({ title: 'Bot' })

const reserves = z
  .object({
    virtual_lamports: amount,
    virtual_tokens: amount,
    real_lamports: amount,
    real_tokens: amount,
    complete: z.boolean(),
  })
  .meta({ title: 'Reserves' })

const news = z.object({ mood, time, title: z.string().max(500) }).meta({ title: 'News' })
const social = z.object({ mentions: z.number().nonnegative(), time }).meta({ title: 'Social' })

const token = z
  .object({
    mint,
    fetched_at: time,
    launched_at: time,
    /** Lamports for a millionth of a token. */
    price: z.number().positive(),
    phase: z.enum(['early', 'mid', 'late', 'graduated']),
    progress: share,
    buyers: z.int().min(0).meta({ format: 'int64' }),
    /** Inflow of the last minutes, lamports; less than 0 where more was sold. */
    flow: z.number(),
    /** Lamports traded, and price at the end, of the last minutes. */
    volumes: series,
    closes: series,
    creator_share: share.nullable(),
    reputation: share.nullable(),
    top_ten: share.nullable(),
    curve: reserves.nullable(),
    news: news.nullable(),
    social: social.nullable().default(null),
    multi_launch: z.boolean().nullable().default(null),
    dormant: z.boolean().nullable().default(null),
  })
  .meta({ title: 'Token' })

const unique = <T>(what: string, key: (row: T) => string) => ({
  check: (rows: readonly T[]) => new Set(rows.map(key)).size === rows.length,
  says: `every ${what} once`,
})
const ids = unique('transaction id', (t: z.output<typeof transaction>) => t.id)
const mints = unique('mint', (t: z.output<typeof token>) => t.mint)

export const snapshotSchema = z
  .object({
    schema_version: z.string().regex(/^\d{1,4}\.\d{1,4}$/, 'a version such as 2.0'),
    generated_at: time,
    last_fetched_at: time,
    source_agent: name,
    userId: name,
    profile,
    balances: z.array(balance).max(snapshotLimits.balances),
    portfolio: z.array(holding).max(snapshotLimits.tokens),
    transactions: z.array(transaction).max(snapshotLimits.transactions).refine(ids.check, ids.says),
    bots: z.array(bot).max(snapshotLimits.bots).default([]),
    marketData: z.array(token).max(snapshotLimits.tokens).refine(mints.check, mints.says),
  })
  .meta({ title: 'Snapshot' })

export type Snapshot = z.output<typeof snapshotSchema>
export type SnapshotToken = z.output<typeof token>
