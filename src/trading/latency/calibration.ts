/** Confidence as a calibrated probability: beta-binomial by kind, from signals whose time is over, and from nothing else. */

/** Outcomes of one kind of signal; those that say the same are parts of one. */
export interface KindRecord {
  matured: number
  right: number
}

export type Calibration = Map<string, KindRecord>

/** What a type counts for before anything is known of it: twenty outcomes, half of them right. So a confidence starts at 0.5, below every limit, and must be earned. */
const PRIOR = { outcomes: 20, share: 0.5 } as const
/** What a type says of each of its strengths counts as much as so many outcomes of that strength. */
const SHARED_OUTCOMES = 40
/** No record makes a signal surer or less sure than this. */
const [LEAST, MOST] = [0.4, 0.95] as const

const nothing: KindRecord = { matured: 0, right: 0 }

/** The posterior mean of the share of right ones: of the kind, with its type as the prior, which has a prior of its own. */
export function confidenceOf(calibration: Calibration, kind: string): number {
  const shared = posterior(calibration.get(sharedBy(kind)), PRIOR.outcomes, PRIOR.share)
  return Math.min(MOST, Math.max(LEAST, posterior(calibration.get(kind), SHARED_OUTCOMES, shared)))
}

/** `weight`: a part of an outcome, where several say the same. */
export function learnOutcome(calibration: Calibration, kind: string, right: boolean, weight = 1): void {
  for (const name of [kind, sharedBy(kind)]) {
    const record = calibration.get(name) ?? { matured: 0, right: 0 }
    record.matured += weight
    if (right) record.right += weight
    calibration.set(name, record)
  }
}

function posterior({ matured, right } = nothing, outcomes: number, share: number): number {
  return (outcomes * share + right) / (outcomes + matured)
}

/** The type of a kind, without its strength. */
function sharedBy(kind: string): string {
  return kind.slice(0, kind.lastIndexOf('|'))
}

/** Half the significance and the power that a comparison of shares is planned with: one-sided 5 %, power 80 %. */
const [Z_LEVEL, Z_POWER] = [1.6448536269514722, 0.8416212335729143] as const

/** Signals that tell a share of right ones from pure chance, one-sided at 5 % and found with a chance of 80 %: 617 for 55 %. */
export function signalsNeeded(share: number, chance = 0.5): number {
  const spread = Z_LEVEL * Math.sqrt(chance * (1 - chance)) + Z_POWER * Math.sqrt(share * (1 - share))
  return Math.ceil((spread / (share - chance)) ** 2)
}
