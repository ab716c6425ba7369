/** MycelialInstigator: enforces the rule of three: a candidate counts only when three disjoint folds of fresh bars agree. */

import { Agent } from '../model/index.js'
import { PatternLog } from '../trading/index.js'
import {
  beginConfirmations,
  type Candidate,
  type Confirmation,
  type Confirmations,
  type ConfirmationVerdict,
  closeOverdue,
  confirmations,
  type FoldReport,
  offerCandidate,
  ownerOf,
  takeReport,
} from './discovery/index.js'
import { patternRow } from './pattern-rows.js'
import type { SwarmModel } from './ports.js'
import { Candidates, ConfirmationVerdicts, Duties, FoldReports } from './topics.js'

export class MycelialInstigator extends Agent<SwarmModel> {
  state: Confirmations = confirmations()

  wire(): void {
    this.on(Candidates, this.announced)
    this.on(Duties, this.begun)
    this.on(FoldReports, this.reported)
  }

  step(): void {
    const { model, state } = this
    for (const verdict of closeOverdue(state, model.keys, model.steps)) this.judge(verdict)
    const share = 1 / model.instigatorOrdinals.length
    for (const duty of beginConfirmations(state, model.steps, share, model.params.confirmationsPer5000))
      this.publish(Duties, duty)
  }

  private announced(candidate: Candidate): void {
    if (this.owns(candidate.key)) offerCandidate(this.state, candidate)
  }

  /** Everybody keeps every confirmation under way, so that a lost instigator's keys move with nothing lost. */
  private begun(duty: Confirmation, from: number): void {
    if (from !== this.id) this.state.open.set(duty.key, { ...duty, z: [...duty.z], n: [...duty.n] })
  }

  private reported(report: FoldReport): void {
    const verdict = takeReport(this.state, this.model.keys, report)
    if (verdict !== undefined) this.judge(verdict)
  }

  private judge(verdict: ConfirmationVerdict): void {
    if (!this.owns(verdict.key)) return
    const { key, sign, confirmed, pooled } = verdict
    const status = confirmed ? 'confirmed' : 'rejected'
    this.publish(PatternLog, patternRow(this.model, { key, sign, status, agent: this.key, score: pooled }))
    this.publish(ConfirmationVerdicts, verdict)
  }

  private owns(key: number): boolean {
    return ownerOf(key, this.model.instigatorOrdinals) === this.ordinal
  }
}
