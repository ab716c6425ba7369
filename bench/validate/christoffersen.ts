/** Christoffersen's test of a value-at-risk: are losses beyond it as frequent as stated, and does one say nothing of the next day? */

/** Likelihood ratios of the test, and the p-value of the joint one. */
export interface Coverage {
  /** Losses beyond the value-at-risk, of so many days. */
  readonly beyond: number
  readonly days: number
  /** Kupiec's (1995) ratio of the frequency: χ² of one degree of freedom. */
  readonly frequency: number
  /** The ratio of independence from the day before: χ² of one. */
  readonly independence: number
  /** P(χ² of two degrees ≥ the sum of both). */
  readonly pValue: number
}

/**
 * Tests at a stated share of days beyond (Christoffersen 1998, "Evaluating Interval Forecasts"). As there, the first day only says what
 * precedes the second.
 */
export function christoffersen(isBeyond: readonly boolean[], stated: number): Coverage {
  // Days by what they were and what the day before was.
  let [calmAfterCalm, beyondAfterCalm, calmAfterBeyond, beyondAfterBeyond] = [0, 0, 0, 0]
  for (let t = 1; t < isBeyond.length; t++) {
    if (isBeyond[t - 1]) isBeyond[t] ? beyondAfterBeyond++ : calmAfterBeyond++
    else isBeyond[t] ? beyondAfterCalm++ : calmAfterCalm++
  }
  const [calm, beyond] = [calmAfterCalm + calmAfterBeyond, beyondAfterCalm + beyondAfterBeyond]
  const atOneRate = bestLikelihood(calm, beyond)
  const frequency = 2 * (atOneRate - logLikelihood(calm, beyond, stated))
  const byDayBefore = bestLikelihood(calmAfterCalm, beyondAfterCalm) + bestLikelihood(calmAfterBeyond, beyondAfterBeyond)
  const independence = 2 * (byDayBefore - atOneRate)
  return { beyond, days: calm + beyond, frequency, independence, pValue: Math.exp(-(frequency + independence) / 2) }
}

/** The log likelihood of so many days of either kind at a rate. */
function logLikelihood(calm: number, beyond: number, rate: number): number {
  return (calm > 0 ? calm * Math.log(1 - rate) : 0) + (beyond > 0 ? beyond * Math.log(rate) : 0)
}

/** The same at the rate that fits best. */
function bestLikelihood(calm: number, beyond: number): number {
  return logLikelihood(calm, beyond, beyond / Math.max(1, calm + beyond))
}
