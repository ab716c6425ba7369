/** MycelialInstigator: enforces the rule of three: a candidate counts only when three disjoint folds of fresh bars agree; or of one. */

import {
  beginConfirmations,
  type Candidate,
  type Confirmations,
  type ConfirmationVerdict,
  closeOverdue,
  confirmations,
  confirmerOf,
  copyOf,
  type FoldReport,
  mayScreen,
  offerCandidate,
  ownerOf,
  takeReport,
} from '../../discovery/index.js'
import { Agent } from '../../model/index.js'
import { PatternLog } from '../../trading/index.js'
import { grossSlope, patternRow } from './pattern-rows.js'
import type { SwarmModel } from './ports.js'
import { Candidates, type ConfirmationTask, ConfirmationTasks, ConfirmationVerdicts, FoldReports } from './topics.js'

export class MycelialInstigator extends Agent<SwarmModel> {
  state: Confirmations = confirmations(this.model.confirmationFolds)

  wire(): void {
    this.on(Candidates, this.announced)
    this.on(ConfirmationTasks, this.begun)
    this.on(FoldReports, this.reported)
  }

  step(): void {
    const { model, state } = this
    for (const verdict of closeOverdue(state, model.steps)) this.judge(verdict)
    const share = 1 / model.instigatorOrdinals.length
    for (const confirmation of beginConfirmations(state, model.steps, share, model.params.confirmationsPer5000)) {
      const { folds } = state
      const confirmers = confirmation.z.map((_, fold) =>
        confirmerOf(confirmation.hypothesis, { fold, folds }, model.financeOrdinals),
      )
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
    this.state.open.set(confirmation.hypothesis, copyOf(confirmation))
  }

  private reported(report: FoldReport): void {
    const verdict = takeReport(this.state, report)
    if (verdict !== undefined) this.judge(verdict)
  }

  private judge(verdict: ConfirmationVerdict): void {
    if (!this.owns(verdict.hypothesis)) return
    const { hypothesis, sign, confirmed, pooled, since, screened } = verdict
    const row = patternRow(this.model, {
      hypothesis,
      sign,
      status: confirmed ? 'confirmed' : 'rejected',
      agent: this.key,
      z: pooled,
      slope: grossSlope(this.model, hypothesis, verdict.slope),
      basis: 'confirmation, biased',
      since,
      proven: confirmed ? this.model.steps : screened,
    })
    this.publish(PatternLog, row)
    this.publish(ConfirmationVerdicts, verdict)
  }

  private owns(hypothesis: number): boolean {
    return ownerOf(hypothesis, this.model.instigatorOrdinals) === this.ordinal
  }
}
