/** What no candle may hold, from any source: one rule for files and live feeds, each refusal with a name to count it by. */

/** Why a row or frame was refused. */
export const rejectReasons = [
  'null',
  'empty',
  'text',
  'nan',
  'infinite',
  'too-many-digits',
  'bad-time',
  'off-grid',
  'outside-session',
  'price-not-positive',
  'price-too-large',
  'negative-volume',
  'volume-too-large',
  'high-below-low',
  'open-outside-range',
  'close-outside-range',
  'bad-trades',
] as const
/** Why a row of a candle file was not taken. */
export type RejectReason = (typeof rejectReasons)[number]

/** How often each reason occurred; reasons that did not occur are absent. */
export type RejectCounts = Partial<Record<RejectReason, number>>

export function countReject(counts: RejectCounts, reason: RejectReason): void {
  counts[reason] = (counts[reason] ?? 0) + 1
}

export function sumRejects(counts: RejectCounts): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0)
}

/** Above these a notional would no longer be a safe integer of 1e-6 USD, or the volume no asset's. */
const MAX_PRICE_USD = 1e9
const MAX_VOLUME = 1e18
/** 2100-01-01: later times are a wrong unit. */
const MAX_TIME_MS = 4_102_444_800_000

/** Why a value is not a finite number. */
export function checkNumber(value: unknown): RejectReason | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : Number.isNaN(value) ? 'nan' : 'infinite'
  if (value === null || value === undefined) return 'null'
  return value === '' ? 'empty' : 'text'
}

/** Why six finite numbers are no candle, or undefined where they are one; allocates nothing. `trades` is NaN where unknown. */
export function checkCandleNumbers(
  time: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
  trades: number,
): RejectReason | undefined {
  if (!Number.isInteger(time) || time < 0 || time > MAX_TIME_MS) return 'bad-time'
  if (open <= 0 || high <= 0 || low <= 0 || close <= 0) return 'price-not-positive'
  if (open > MAX_PRICE_USD || high > MAX_PRICE_USD || low > MAX_PRICE_USD || close > MAX_PRICE_USD) return 'price-too-large'
  if (volume < 0) return 'negative-volume'
  if (volume > MAX_VOLUME) return 'volume-too-large'
  if (high < low) return 'high-below-low'
  if (open > high || open < low) return 'open-outside-range'
  if (close > high || close < low) return 'close-outside-range'
  if (trades < 0 || trades > MAX_VOLUME) return 'bad-trades'
  return undefined
}

/** A move by this factor against the previous close is flagged, and entries wait. */
export const OUTLIER_FACTOR = 10

/** True where a bar reached ten times the previous close, or a tenth of it. */
export function isOutlier(previousClose: number, high: number, low: number): boolean {
  return high >= previousClose * OUTLIER_FACTOR || low * OUTLIER_FACTOR <= previousClose
}
