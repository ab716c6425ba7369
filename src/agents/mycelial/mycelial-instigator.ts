/** MycelialInstigator: enforces the rule of three: a candidate counts only when three disjoint folds of fresh bars agree. */

import {
  beginConfirmations,
  type Candidate,
  type Confirmations,
  type ConfirmationVerdict,
  closeOverdue,
  confirmations,
  confirmerOf,
  type FoldReport,
  mayScreen,
  offerCandidate,
  ownerOf,
  takeReport,
} from '../../discovery/index.js'
import { Agent } from '../../model/index.js'
import { PatternLog } from '../../trading/index.js'
import { patternRow } from './pattern-rows.js'
import type { SwarmModel } from './ports.js'
import { Candidates, type ConfirmationTask, ConfirmationTasks, ConfirmationVerdicts, FoldReports } from './topics.js'

const folds = [0, 1, 2] as const

export class MycelialInstigator extends Agent<SwarmModel> {
  state: Confirmations = confirmations()

  wire(): void {
    this.on(Candidates, this.announced)
    this.on(ConfirmationTasks, this.begun)
    this.on(FoldReports, this.reported)
  }

  step(): void {
    const { model, state } = this
    for (const verdict of closeOverdue(state, model.hypotheses, model.steps)) this.judge(verdict)
    const share = 1 / model.instigatorOrdinals.length
    for (const confirmation of beginConfirmations(state, model.steps, share, model.params.confirmationsPer5000)) {
      const confirmers = folds.map(fold => confirmerOf(confirmation.hypothesis, fold, model.financeOrdinals))
      this.publish(ConfirmationTasks, { confirmation, confirmers })
    }
  }

  private announced(candidate: Candidate): void {
    const { hypothesis } = candidate
    if (this.owns(hypothesis) && mayScreen(this.model.stages, hypothesis)) offerCandidate(this.state, candidate)
  }

  /** Every instigator keeps all open confirmations, so that it can take over those of a lost one. */
  private begun({ confirmation }: ConfirmationTask, from: number): void {
    if (from === this.id) return
    const { hypothesis, z, n } = confirmation
    this.state.open.set(hypothesis, { ...confirmation, z: [...z], n: [...n] })
  }

  private reported(report: FoldReport): void {
    const verdict = takeReport(this.state, this.model.hypotheses, report)
    if (verdict !== undefined) this.judge(verdict)
  }

  private judge(verdict: ConfirmationVerdict): void {
    if (!this.owns(verdict.hypothesis)) return
    const { hypothesis, sign, confirmed, pooled } = verdict
    const status = confirmed ? 'confirmed' : 'rejected'
    this.publish(PatternLog, patternRow(this.model, { hypothesis, sign, status, agent: this.key, score: pooled }))
    this.publish(ConfirmationVerdicts, verdict)
  }

  private owns(hypothesis: number): boolean {
    return ownerOf(hypothesis, this.model.instigatorOrdinals) === this.ordinal
  }
}
