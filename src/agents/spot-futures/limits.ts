/** The bounds of what the spot and the futures agent keep. */

export const spotFuturesLimits = {
  /** Outcomes that the model of the spot agent waits for; beyond it they are not learnt, and counted. */
  waitingOutcomes: 10_000,
} as const
