/** Every bound of the live world in one place; each has a counter beside the thing it bounds. */

export const liveLimits = {
  /** Shortest time between two ticks, ms. */
  tickMs: 10,
  /** Inputs of one pair, or of one stream, that one tick takes; the rest wait for the next. */
  inputsPerPair: 500,
  /** Messages of other processes that one tick takes. */
  messagesPerTick: 5_000,
  /** Longest wait for a pair's last bar, ms; a tenth of a bar where that is shorter. */
  graceMs: 2_000,
  /** Commands of the operator that one tick takes. */
  commands: 100,
  /** Notices waiting for a webhook, and tries for each. */
  notices: 100,
  noticeTries: 5,
  /** Least time between two notices of trades, ms; trades between are told together. */
  tradeNoticeMs: 10_000,
  /** Days for which a run that was away makes up its daily summaries. */
  summaryDays: 7,
  /** Bytes of `live.log`; then it becomes `live.log.1`, and the one before goes. */
  logBytes: 32 << 20,
  /** Time between two statuses in `live.log`, ms. */
  logStatusMs: 60_000,
} as const

/** How long after its end a bar is waited for. */
export function barGraceMs(barMs: number): number {
  return Math.min(liveLimits.graceMs, barMs / 10)
}
