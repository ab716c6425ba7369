/** Every bound of the live world in one place; each has a counter beside the thing it bounds. */

export const liveLimits = {
  /** Shortest time between two ticks, ms. */
  tickMs: 10,
  /** Inputs of one pair, or of one stream, that one tick takes; the rest wait for the next. */
  inputsPerPair: 500,
  /** Inputs of one feed beside the market's that one tick takes, and bytes of one; more is refused. */
  inputsPerFeed: 5_000,
  inputBytes: 65_536,
  /** Messages of other processes that one tick takes. */
  messagesPerTick: 5_000,
  /** Longest wait for a pair's last bar, ms; a tenth of a bar where that is shorter. */
  graceMs: 2_000,
  /** Commands of the operator that one tick takes. */
  commands: 100,
  /** A long poll of Telegram, a short request there, and the pause after failures at most, ms. */
  telegramPollMs: 25_000,
  telegramMs: 5_000,
  telegramPauseMs: 60_000,
  /** How long ago a command there may have been said, and how long it is waited for until a tick takes it, ms. */
  telegramLateMs: 300_000,
  telegramTakenMs: 10_000,
  /** Characters of an answer of Telegram. */
  telegramBytes: 1 << 20,
  /** Notices waiting for a webhook, and tries for each. */
  notices: 100,
  noticeTries: 5,
} as const

/** How long after its end a bar is waited for. */
export function barGraceMs(barMs: number): number {
  return Math.min(liveLimits.graceMs, barMs / 10)
}
