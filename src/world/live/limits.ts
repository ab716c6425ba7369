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
  /** How long a start waits for the exchange before people are told, and how often it looks meanwhile for what Redis brought of commands, ms. */
  awayMs: 60_000,
  awayLookMs: 250,
  /** The warm-up lets sockets, timers and signals have their turn after so long, ms, and after every step that takes longer. */
  warmUpSliceMs: 50,
  /** After a longer time in which a process did not look at the market, no earlier price is a reference. */
  unwatchedMs: 60_000,
  /** How long an idea waits for what a memory outside the process says of it, ms. */
  recallMs: 2_000,
  /** Commands of the operator that one tick takes. */
  commands: 100,
  /** Names looked at in the folder of commands at one time; the rest wait. */
  commandNames: 10_000,
  /** Bytes of a command's file. */
  commandBytes: 16_384,
  /** Longest way of a command through Redis, ms; for as long it is remembered, so that it counts once. */
  commandMs: 60_000,
  commandsRemembered: 1_000,
  /** How far ahead of this machine's clock a message of another may be, ms. */
  aheadMs: 60_000,
  /** How far behind it what is said at an instant may come, ms; a report of a bar that has just ended three bars more. */
  behindMs: 60_000,
  /** How far the numbers that shards give to a bar may lie apart, and the highest there is. */
  stepsApart: 1_000,
  steps: 2_147_483_647,
  /** Agents that one shard may report as quarantined. */
  lostAgents: 10_000,
  /** Senders without a claim that are remembered, and how long a claim of theirs is waited for, ms. */
  strangers: 256,
  claimMs: 1_000,
  /** Ids of agents that another process may have deployed since the start. */
  deployedAgents: 1_000_000,
  /** Ids of ideas and trades that are remembered, so that none comes twice. */
  idsRemembered: 10_000,
  /** A long poll of Telegram, a short request there, and the pause after failures at most, ms. */
  telegramPollMs: 25_000,
  telegramMs: 5_000,
  telegramPauseMs: 60_000,
  /** How long ago a command there may have been said, ms. */
  telegramLateMs: 300_000,
  /** Characters of an answer of Telegram. */
  telegramBytes: 1 << 20,
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
