/** What is known of users and tokens outside of a simulated world, and by which policy a desk decides. */

import * as z from 'zod'
import type { TimeMs } from '../../../core/index.js'
import { type Lamports, phases, type TokenUnits } from '../../../exchange/index.js'
import type { Arrival } from '../../decision/freshness.js'
import type { Consent } from '../consent.js'
import { launchSchema } from '../launch-parameters.js'
import type { ProfileName } from '../leaving.js'

/** A user as his last snapshot shows him. */
export interface SeenUser {
  readonly user: string
  readonly profile: ProfileName
  readonly baseSize: Lamports
  /** What he has to trade with: paper money of that amount, from the first snapshot on. */
  readonly cash: Lamports
  readonly consents: readonly Consent[]
  /** Tokens that he holds himself. */
  readonly holds: readonly string[]
  readonly snapshot: Arrival
}

/** A token as it was fetched last; null: not known. */
export interface SeenToken {
  readonly mint: string
  readonly fetchedAt: TimeMs
  readonly form: Arrival['form']
  readonly launchedAt: TimeMs
  /** Lamports for a base unit. */
  readonly price: number
  readonly phase: (typeof phases)[number]
  readonly progress: number
  readonly buyers: number
  readonly flow: Lamports
  /** Of the last minutes. */
  readonly volumes: readonly Lamports[]
  readonly closes: readonly number[]
  readonly creatorShare: number | null
  readonly reputation: number | null
  readonly topTen: number | null
  /** What makes the price, where the curve's account was read. */
  readonly reserves: {
    readonly lamports: Lamports
    readonly tokens: TokenUnits
    readonly realLamports: Lamports
    readonly realTokens: TokenUnits
    readonly complete: boolean
  } | null
  readonly news: (Arrival & { readonly mood: number }) | null
  readonly social: (Arrival & { readonly mentions: number }) | null
  readonly multiLaunch: boolean | null
  readonly dormant: boolean | null
}

const listed = z.strictObject({
  mint: z.string(),
  /** Which profile may enter it. */
  strategy: z.enum(['scalper', 'swing', 'any']),
  /** In which phase it may be entered. */
  stage: z.enum([...phases, 'any']),
  /** At least so likely a collapse is taken to be. */
  risk: z.number().min(0).max(1).nullable(),
  reputation: z.number().min(0).max(1).nullable(),
  list: z.enum(['white', 'black', 'none']),
})

/** What a desk decides by; it is kept beside the decisions, so that they can be made again. */
export const deskPolicySchema = launchSchema
  .pick({
    rules: true,
    minConfidence: true,
    outcomeMs: true,
    horizonMs: true,
    collapse: true,
    largestTradeSol: true,
    dailyLossSol: true,
    openPositions: true,
    tradesPerDay: true,
    coordinationShare: true,
  })
  .extend({ catalog: z.array(listed).max(10_000).default([]) })
  .strict()

export type DeskPolicy = z.output<typeof deskPolicySchema>
export type CatalogEntry = z.output<typeof listed>

/** What a cycle is made of. */
export interface DeskInputs {
  readonly time: TimeMs
  readonly users: readonly SeenUser[]
  readonly tokens: readonly SeenToken[]
}

/** A decision that reached the gate, or that left a position. */
export interface DeskDecision {
  /** `time:user:mint`, with `:exit` where a position was left. */
  readonly id: string
  readonly time: TimeMs
  readonly user: string
  readonly mint: string
  /** `none`: the gate refused it. */
  readonly action: 'buy' | 'sell' | 'none'
  /** Lamports that an entry may cost; base units that are sold. */
  readonly amount: number
  readonly confidence: number
  readonly reasons: readonly string[]
  /** All that it was made of, as canonical JSON, and the SHA-256 of that. */
  readonly inputs: string
  readonly inputsDigest: string
  /** What each node wrote, as canonical JSON. */
  readonly nodes: string
}

/** A paper fill; each is that of one decision. */
export interface DeskFill {
  readonly decision: string
  readonly time: TimeMs
  readonly user: string
  readonly mint: string
  readonly action: 'buy' | 'sell'
  readonly tokens: TokenUnits
  /** Paid with the fee, or received without it. */
  readonly lamports: Lamports
  readonly fee: Lamports
  readonly slippage: Lamports
  readonly pnl: Lamports | null
  readonly heldMs: number | null
  readonly risk: number
  readonly confidence: number
}

/** What a cycle came to. */
export interface DeskOutput {
  readonly decisions: readonly DeskDecision[]
  readonly fills: readonly DeskFill[]
  /** Decisions against an entry before the gate, by their first reason. */
  readonly skips: Readonly<Record<string, number>>
}
