/** The topics on which learners, instigators and researchers exchange results about hypotheses, and the names of all topics. */

import { type Fields, shapes } from '../../bus/index.js'
import {
  type ApprovalVerdict,
  type Candidate,
  type Confirmation,
  type ConfirmationVerdict,
  type FoldReport,
  protocol,
  type Retirement,
  type ShareReport,
  type Stretch,
} from '../../discovery/index.js'
import { swarmTopics } from '../../trading/index.js'

const { boolean, known, listOf, nullable, number, oneOf, record, text } = shapes

const { folds } = protocol
const keyed = { hypothesis: known('hypothesis'), sign: oneOf([1, -1]) } as const
const count = number({ min: 0, whole: true })
/** The number of a step, as the receiving model counts them. */
const step = known('step')
const fold = number({ min: 0, max: folds - 1, whole: true })
/** NaN where a statistic cannot be computed. */
const statistic = number({ any: true })
const probability = number({ min: 0, max: 1, any: true })
const sums = { zr: statistic, zz: statistic, zr2: statistic } as const
const evidence = { n: count, blocks: count, sum: statistic, squares: statistic, zz: statistic } as const

/** A hypothesis passed its screen. */
export const Candidates = swarmTopics.add<Candidate>('pattern-candidates', {
  scope: 'inner',
  shape: { kind: oneOf(['candidate']), ...keyed, z: statistic, step, ...evidence },
})

/** A confirmation begins. One learner of each fold serves it; no learner screens the hypothesis meanwhile. */
export interface ConfirmationTask {
  readonly confirmation: Confirmation
  /** Ordinals of the finance learners that serve it, by fold (three, or one); undefined where a fold has no live learner. */
  readonly confirmers: readonly (number | undefined)[]
}
const confirmation: Fields<Confirmation> = {
  ...keyed,
  screened: step,
  stage: record<Stretch>({ from: step, until: step }),
  z: listOf(statistic),
  n: listOf(count),
  evidence: record<Confirmation['evidence']>({ sum: statistic, squares: statistic, zz: statistic }),
}
export const ConfirmationTasks = swarmTopics.add<ConfirmationTask>('pattern-duties', {
  scope: 'inner',
  shape: { confirmation: record<Confirmation>(confirmation), confirmers: listOf(nullable(known('learner ordinal'))) },
})
export const FoldReports = swarmTopics.add<FoldReport>('pattern-confirmations', {
  scope: 'inner',
  shape: { kind: oneOf(['fold']), hypothesis: known('hypothesis'), fold, z: statistic, ...evidence },
})
export const ConfirmationVerdicts = swarmTopics.add<ConfirmationVerdict>('confirmation-verdicts', {
  scope: 'inner',
  shape: { ...keyed, confirmed: boolean, pooled: statistic, since: step, screened: step, slope: statistic },
})
export const ShareReports = swarmTopics.add<ShareReport>('research-shares', {
  scope: 'inner',
  shape: { ...keyed, fold, n: count, z: statistic, p: probability, opposite: probability, ...sums },
})
export const ApprovalVerdicts = swarmTopics.add<ApprovalVerdict>('approval-verdicts', {
  scope: 'inner',
  shape: {
    ...keyed,
    approved: boolean,
    step,
    since: step,
    confirmed: step,
    pooled: statistic,
    p: probability,
    ps: listOf(probability),
    ...sums,
  },
})
export const Retirements = swarmTopics.add<Retirement>('pattern-retirements', {
  scope: 'inner',
  shape: { kind: oneOf(['retired']), ...keyed, z: statistic, since: step, proven: step, slope: statistic },
})

/** The commonest leading policy, published every bar while contagion lasts. */
export interface ConsensusPolicy {
  /** `driver → pair sign`, or null once it is over. */
  readonly policy: string | null
}
export const ConsensusPolicies = swarmTopics.add<ConsensusPolicy>('contagion', {
  scope: 'inner',
  shape: { policy: nullable(text) },
})

/** Names of all topics of a swarm with these pairs and streams; `inner`: with those between its own agents. */
export function topicNames(
  { pairs, streams }: { pairs: readonly string[]; streams: Readonly<Record<string, readonly string[]>> },
  { inner }: { inner: boolean },
): string[] {
  return swarmTopics.names({ ...streams, pairs }, { inner })
}

/** All topics. They are exported here, because every one is registered once this file is loaded. */
export { swarmTopics }
