/** What learners, instigators and researchers say to each other about hypotheses. */

import { topic } from '../../bus/index.js'
import type {
  ApprovalVerdict,
  Candidate,
  Confirmation,
  ConfirmationVerdict,
  FoldReport,
  Retirement,
  ShareReport,
} from '../../discovery/index.js'

/** A key passed its screen. */
export const Candidates = topic<Candidate>('pattern-candidates')
/** A confirmation begins: one learner a fold serves it, nobody screens the key meanwhile. */
export interface Duty {
  readonly confirmation: Confirmation
  /** Ordinals of the finance learners that serve it, by fold; undefined where a fold has none left. */
  readonly confirmers: readonly (number | undefined)[]
}
export const Duties = topic<Duty>('pattern-duties')
export const FoldReports = topic<FoldReport>('pattern-confirmations')
export const ConfirmationVerdicts = topic<ConfirmationVerdict>('confirmation-verdicts')
export const ShareReports = topic<ShareReport>('research-shares')
export const ApprovalVerdicts = topic<ApprovalVerdict>('approval-verdicts')
export const Retirements = topic<Retirement>('pattern-retirements')

/** The policy the herd follows, said every bar while contagion lasts. */
export interface Herd {
  /** `driver → pair sign`, or null once it is over. */
  readonly policy: string | null
}
export const Herds = topic<Herd>('contagion')
