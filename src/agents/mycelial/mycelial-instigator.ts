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
import { Candidates, ConfirmationVerdicts, Duties, type Duty, FoldReports } from './topics.js'

const folds = [0, 1, 2] as const

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
    for (const confirmation of beginConfirmations(state, model.steps, share, model.params.confirmationsPer5000)) {
      const confirmers = folds.map(fold => confirmerOf(confirmation.key, fold, model.financeOrdinals))
      this.publish(Duties, { confirmation, confirmers })
    }
  }

  private announced(candidate: Candidate): void {
    const { key } = candidate
    if (this.owns(key) && mayScreen(this.model.stages, key)) offerCandidate(this.state, candidate)
  }

  /** Everybody keeps every confirmation under way, so that a lost instigator's keys move with nothing lost. */
  private begun({ confirmation }: Duty, from: number): void {
    if (from === this.id) return
    const { key, z, n } = confirmation
    this.state.open.set(key, { ...confirmation, z: [...z], n: [...n] })
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
