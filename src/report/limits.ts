/** Every bound of this room in one place; what a report leaves out it says. */

export const reportLimits = {
  /** Points of one line in a report: what a wide screen shows. */
  points: 2_000,
  /** Candles a report holds of all its pairs together, of one pair at least, and pairs: those traded most. */
  candles: 24_000,
  leastCandles: 1_000,
  pairs: 30,
  /** Trades of one portfolio a report lists, trades it marks beside the candles and trades it tells in sentences: the latest. */
  trades: 8_000,
  markedTrades: 4_000,
  toldTrades: 2_000,
  /** Steps at which agents were collected that a report shows over time, evenly spaced; rows it reads for that at most; and types. */
  agentSteps: 500,
  agentRowsRead: 5_000_000,
  agentTypes: 12,
  /** Runs of one side of a comparison, columns of a model that it draws, and steps of each. */
  comparedRuns: 200,
  comparedColumns: 40,
  comparedSteps: 1_000,
  /** Drawdowns that are listed as the worst of each portfolio. */
  worst: 5,
  /** Rows of signals read for a report, from the end, and values of one stream it shows. */
  signalRows: 40_000,
  recent: 336,
  /** Agents a report lists, and approved patterns: the first ones in the order shown. */
  agents: 250,
  patterns: 250,
  /** Agents of one type whose distribution a report shows: the first ones. */
  agentRows: 200_000,
  /** Histograms of agents' columns in a report. */
  spreads: 24,
  /** Decisions told of one question: the newest. */
  stories: 20,
  /** Locks and commands a report lists: the latest; and reasons of one portfolio: the commonest. */
  locks: 60,
  commands: 100,
  reasons: 6,
  /** Consents, and tokens with the share of users, that a report lists: the first ones. */
  consents: 200,
  /** Latency signals a report lists: the latest. */
  latencySignals: 200,
  /** Ideas whose recollection a report tells, and past trades on its map: the latest. */
  recollections: 10,
  mappedTrades: 3_000,
  /** Trades that an answer about past trades lists, and that its search keeps in memory: the latest. */
  foundTrades: 20,
  searchedTrades: 100_000,
}
