/** Confidence as a calibrated probability: beta-binomial by kind, from signals whose time is over, and from nothing else. */

/** Outcomes of one kind of signal. */
export interface KindRecord {
  matured: number
  right: number
}

export type Calibration = Map<string, KindRecord>

/** The prior: twenty outcomes, half of them right. So a new kind starts at 0.5, below every limit, and must earn its trades. */
const PRIOR = { right: 10, wrong: 10 } as const
/** No record makes a signal surer or less sure than this. */
const [LEAST, MOST] = [0.4, 0.95] as const

/** The posterior mean of the share of right ones. */
export function confidenceOf(calibration: Calibration, kind: string): number {
  const { matured, right } = calibration.get(kind) ?? { matured: 0, right: 0 }
  const mean = (PRIOR.right + right) / (PRIOR.right + PRIOR.wrong + matured)
  return Math.min(MOST, Math.max(LEAST, mean))
}

export function learnOutcome(calibration: Calibration, kind: string, right: boolean): void {
  const record = calibration.get(kind) ?? { matured: 0, right: 0 }
  record.matured++
  if (right) record.right++
  calibration.set(kind, record)
}

/** Half the significance and the power that a comparison of shares is planned with: one-sided 5 %, power 80 %. */
const [Z_LEVEL, Z_POWER] = [1.6448536269514722, 0.8416212335729143] as const

/** Signals that tell a share of right ones from pure chance, one-sided at 5 % and found with a chance of 80 %: 617 for 55 %. */
export function signalsNeeded(share: number, chance = 0.5): number {
  const spread = Z_LEVEL * Math.sqrt(chance * (1 - chance)) + Z_POWER * Math.sqrt(share * (1 - share))
  return Math.ceil((spread / (share - chance)) ** 2)
}
