/**
 * A bonding curve of a launched token, in whole lamports (1e-9 SOL) and base units (1e-6 tokens): virtual reserves of both multiply to a
 * constant, so the price rises with what was bought. When every token of the curve is sold it is complete, and goes on as a
 * constant-product pool whose shares are burnt: nobody can take its liquidity out. Every rounding is against the trader.
 */

import { assert, mulDivCeil, mulDivFloor } from '../core/index.js'

/** Whole 1e-9 SOL. */
export type Lamports = number
/** Whole 1e-6 tokens. */
export type TokenUnits = number

/** Lamports of one SOL. */
export const SOL = 1_000_000_000
/** Base units of one token. */
export const TOKEN = 1_000_000

/** From how many lamports on the curve a fee is charged. */
export interface FeeTier {
  readonly fromLamports: Lamports
  /** Of what is paid or received, in hundredths of a percent. */
  readonly feeBp: number
}

/** What a launch program prescribes. */
export interface CurveTerms {
  readonly virtualLamports: Lamports
  readonly virtualTokens: TokenUnits
  /** What the curve sells. */
  readonly curveTokens: TokenUnits
  /** All there are; what the curve does not sell goes to the pool. */
  readonly supplyTokens: TokenUnits
  /** By `fromLamports` upwards; the first from 0. */
  readonly fees: readonly FeeTier[]
  readonly poolFeeBp: number
  /** What the migration costs, of the lamports raised. */
  readonly migrationLamports: Lamports
}

/** The published constants of the program that most tokens of Solana were launched by. */
export const publishedCurve: CurveTerms = {
  virtualLamports: 30 * SOL,
  virtualTokens: 1_073_000_000 * TOKEN,
  curveTokens: 793_100_000 * TOKEN,
  supplyTokens: 1_000_000_000 * TOKEN,
  fees: [{ fromLamports: 0, feeBp: 100 }],
  poolFeeBp: 25,
  migrationLamports: 0,
}

/** One token's curve, and later its pool. */
export interface Curve {
  readonly terms: CurveTerms
  /** The reserves that make the price. */
  lamports: Lamports
  tokens: TokenUnits
  /** What is really there. */
  realLamports: Lamports
  realTokens: TokenUnits
  /** All fees so far, and what the migration cost. */
  feeLamports: Lamports
  graduated: boolean
}

/** What a curve raises until its last token is sold, but for rounding in its favour. */
export function raisedBy({ virtualLamports, virtualTokens, curveTokens }: CurveTerms): number {
  return (virtualLamports * curveTokens) / (virtualTokens - curveTokens)
}

/** A curve of which nothing is sold. */
export function newCurve(terms: CurveTerms): Curve {
  return {
    terms,
    lamports: terms.virtualLamports,
    tokens: terms.virtualTokens,
    realLamports: 0,
    realTokens: terms.curveTokens,
    feeLamports: 0,
    graduated: false,
  }
}

/** An amount in lamports and the fee on it. */
export interface Priced {
  /** What goes to the curve or comes from it. */
  readonly lamports: Lamports
  /** A buyer pays it beside, a seller out of what he gets. */
  readonly fee: Lamports
}

/** Curves and pools take no more lamports than these, so that every amount can be counted exactly: 4.5 million SOL. */
export const MOST_LAMPORTS = 2 ** 52

/** The most tokens that can be bought now. */
export function mostBought({ lamports, tokens, realTokens, graduated }: Curve): TokenUnits {
  return graduated ? mulDivFloor(tokens, MOST_LAMPORTS - lamports, MOST_LAMPORTS) : realTokens
}

/** Tokens in the hands of traders: the most that can be sold. */
export function circulating({ terms, realTokens, graduated }: Curve): TokenUnits {
  return (graduated ? terms.supplyTokens : terms.curveTokens) - realTokens
}

/** What `tokens` cost, at most `mostBought`. */
export function costOf(curve: Curve, tokens: TokenUnits): Priced {
  const lamports = mulDivCeil(curve.lamports, tokens, curve.tokens - tokens)
  const bp = feeBp(curve)
  // The fee is a share of all that is paid.
  return { lamports, fee: mulDivCeil(lamports, bp, 10_000 - bp) }
}

/** What `tokens` bring, at most `circulating`. */
export function returnOf(curve: Curve, tokens: TokenUnits): Priced {
  const lamports = mulDivFloor(curve.lamports, tokens, curve.tokens + tokens)
  return { lamports, fee: mulDivCeil(lamports, feeBp(curve), 10_000) }
}

/** The tokens that an amount buys, fee included; 0 where it buys none. */
export function tokensFor(curve: Curve, paid: Lamports): TokenUnits {
  const net = paid - mulDivCeil(paid, feeBp(curve), 10_000)
  if (net <= 0) return 0
  return Math.min(mostBought(curve), mulDivFloor(curve.tokens, net, curve.lamports + net))
}

/** Buys tokens, and says what they cost. */
export function buyFrom(curve: Curve, tokens: TokenUnits): Priced {
  assert(tokens > 0 && tokens <= mostBought(curve), 'a curve sells what it has')
  const cost = costOf(curve, tokens)
  curve.lamports += cost.lamports
  curve.realLamports += cost.lamports
  curve.tokens -= tokens
  curve.realTokens -= tokens
  curve.feeLamports += cost.fee
  return cost
}

/** Sells tokens, and says what they bring. */
export function sellTo(curve: Curve, tokens: TokenUnits): Priced {
  assert(tokens > 0 && tokens <= circulating(curve), 'a curve takes back what it sold')
  const back = returnOf(curve, tokens)
  curve.lamports -= back.lamports
  curve.realLamports -= back.lamports
  curve.tokens += tokens
  curve.realTokens += tokens
  curve.feeLamports += back.fee
  return back
}

/** True from the sale of its last token until its migration; in between nobody can trade. */
export function isComplete({ realTokens, graduated }: Curve): boolean {
  return !graduated && realTokens === 0
}

/** Turns a complete curve into a pool of what was raised and what the curve did not sell. */
export function migrate(curve: Curve): void {
  assert(isComplete(curve), 'only a complete curve migrates')
  const { supplyTokens, curveTokens, migrationLamports } = curve.terms
  curve.graduated = true
  curve.realLamports -= migrationLamports
  curve.feeLamports += migrationLamports
  curve.lamports = curve.realLamports
  curve.realTokens = supplyTokens - curveTokens
  curve.tokens = curve.realTokens
}

/** Lamports for a base unit, undisturbed by any order and without a fee. */
export function spotPrice({ lamports, tokens }: Curve): number {
  return lamports / tokens
}

/** What part of its tokens the curve has sold, 0 to 1; 1 from completion on. */
export function progressOf({ terms, realTokens, graduated }: Curve): number {
  return graduated ? 1 : 1 - realTokens / terms.curveTokens
}

/** The phases of a launch, by progress. */
export const phases = ['early', 'mid', 'late', 'graduated'] as const
export type Phase = (typeof phases)[number]

/** Progress from which a launch is no longer early, and from which it is late. */
const [MID_FROM, LATE_FROM] = [0.3, 0.8] as const

export function phaseOf(curve: Curve): Phase {
  const progress = progressOf(curve)
  if (progress === 1) return 'graduated'
  return progress < MID_FROM ? 'early' : progress < LATE_FROM ? 'mid' : 'late'
}

function feeBp({ terms, realLamports, graduated }: Curve): number {
  if (graduated) return terms.poolFeeBp
  let bp = 0
  for (const tier of terms.fees) if (realLamports >= tier.fromLamports) bp = tier.feeBp
  return bp
}
