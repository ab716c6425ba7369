/** DeepResearch: three researchers study a confirmed hypothesis on disjoint forward bars; two must find it and none the opposite. One alone reads all of them. */

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

export class DeepResearch extends Agent<SwarmModel> {
  state: Studies = studies(this.ordinal, this.model.approvalFolds)
  pendingShares: PendingShares = pendingShares(this.model.approvalFolds)
  shares: ShareReport[] = []

  wire(): void {
    this.on(ConfirmationVerdicts, this.confirmed)
    this.on(ShareReports, report => takeShare(this.pendingShares, report))
  }

  step(): void {
    const { model } = this
    // Judging runs one bar late, because only then every researcher has published its share of that bar.
    for (const verdict of judgeShares(this.pendingShares, model.steps - 1)) this.judge(verdict)
    observeStudies(this.state, { rollingWindow: model.rollingWindow, rng: this.rng }, this.shares)
    for (const share of this.shares) this.publish(ShareReports, share)
    this.shares.length = 0
  }

  private confirmed({ hypothesis, sign, confirmed, since }: ConfirmationVerdict): void {
    if (!confirmed) return
    const { hypotheses: space, rollingWindow, steps: step } = this.model
    openStudy(this.state, { space, rollingWindow }, { hypothesis, sign, step })
    expectShares(this.pendingShares, hypothesis, { step, since })
  }

  private judge(verdict: ApprovalVerdict): void {
    const { model } = this
    if (ownerOf(verdict.hypothesis, model.researcherOrdinals) !== this.ordinal) return
    const { hypothesis, sign, approved, confirmed, pooled, p, since, zr, zz, zr2 } = verdict
    const row = patternRow(model, {
      hypothesis,
      sign,
      status: approved ? 'approved' : 'rejected',
      agent: this.key,
      z: pooled,
      p,
      slope: slopeOf(zr, zz, zr2, sign),
      basis: 'forward bars',
      since,
      proven: approved ? model.steps : confirmed,
    })
    this.publish(PatternLog, row)
    this.publish(ApprovalVerdicts, verdict)
  }
}
