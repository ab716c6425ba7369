/** DeepResearch: three researchers study a confirmed hypothesis on disjoint forward bars; two must find it and none the opposite. */

import {
  type ApprovalVerdict,
  type ConfirmationVerdict,
  expectShares,
  judgeShares,
  observeStudies,
  openStudy,
  ownerOf,
  type PendingShares,
  pendingShares,
  type ShareReport,
  type Studies,
  slopeOf,
  studies,
  takeShare,
} from '../../discovery/index.js'
import { Agent } from '../../model/index.js'
import { PatternLog } from '../../trading/index.js'
import { patternRow } from './pattern-rows.js'
import type { SwarmModel } from './ports.js'
import { ApprovalVerdicts, ConfirmationVerdicts, ShareReports } from './topics.js'

/** The largest |z| a driver can show. */
const strongestZ = 4

export class DeepResearch extends Agent<SwarmModel> {
  state: Studies = studies(this.ordinal)
  pendingShares: PendingShares = pendingShares()
  shares: ShareReport[] = []

  wire(): void {
    this.on(ConfirmationVerdicts, this.confirmed)
    this.on(ShareReports, report => takeShare(this.pendingShares, report))
  }

  step(): void {
    const { model } = this
    // Judging runs one bar late, because only then every researcher has published its share of that bar.
    for (const verdict of judgeShares(this.pendingShares, model.steps - 1)) this.judge(verdict)
    const { hypotheses: space, rollingWindow } = model
    observeStudies(this.state, { space, rollingWindow, rng: this.rng }, this.shares)
    for (const share of this.shares) this.publish(ShareReports, share)
    this.shares.length = 0
  }

  private confirmed({ hypothesis, sign, confirmed }: ConfirmationVerdict): void {
    if (!confirmed) return
    const { hypotheses, steps } = this.model
    openStudy(this.state, hypotheses, { hypothesis, sign, step: steps })
    expectShares(this.pendingShares, hypothesis, steps)
  }

  private judge(verdict: ApprovalVerdict): void {
    const { model } = this
    if (ownerOf(verdict.hypothesis, model.researcherOrdinals) !== this.ordinal) return
    const { hypothesis, sign, approved, p, zr, zz, zr2 } = verdict
    const value = Math.abs(slopeOf(zr, zz, zr2, sign)) * strongestZ - model.roundTripCost
    const status = approved ? 'approved' : 'rejected'
    this.publish(PatternLog, patternRow(model, { hypothesis, sign, status, agent: this.key, score: p, value }))
    this.publish(ApprovalVerdicts, verdict)
  }
}
