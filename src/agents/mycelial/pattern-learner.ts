/** PatternLearner: finance learners test hypotheses and publish ideas; the other moats' learners publish cross-moat signals. */

import {
  type ApprovalVerdict,
  abandonHypothesis,
  assignedTo,
  type Candidate,
  type ConfirmationVerdict,
  cancelScreen,
  type DriverMoat,
  findPolicy,
  followHypothesis,
  leadingPolicy,
  markConfirmed,
  mayScreen,
  observeTests,
  type Retirement,
  retireHypothesis,
  runConfirmationTask,
  screenBegin,
  screenHypothesis,
  slopeOf,
  type TestOutcome,
  watchApproved,
} from '../../discovery/index.js'
import type { OutsideMoat } from '../../market/index.js'
import { Agent } from '../../model/index.js'
import {
  CrossMoatSignals,
  type Idea,
  IdeaDrafts,
  IdeaPatternLinks,
  LeadingPolicies,
  MycelialIdeas,
  moatData,
  PatternLog,
  type PatternRow,
  type Recollection,
  Recollections,
  recalledConfidence,
} from '../../trading/index.js'
import { type FinanceLearnerState, imitate, leadName, leaveConsensus } from './finance-learner-state.js'
import { type Forecast, forcedForecasts, patternForecasts, patternsBehind, publishes, toIdea } from './ideas.js'
import { type MoatLearnerState, readStream } from './moat-learner-state.js'
import { grossSlope, patternRow } from './pattern-rows.js'
import type { SwarmModel } from './ports.js'
import {
  ApprovalVerdicts,
  Candidates,
  type ConfirmationTask,
  ConfirmationTasks,
  ConfirmationVerdicts,
  ConsensusPolicies,
  type ConsensusPolicy,
  FoldReports,
  Retirements,
} from './topics.js'

export class PatternLearner extends Agent<SwarmModel> {
  moat: DriverMoat = 'finance'
  /** A learner has either `finance` or `stream`. */
  finance: FinanceLearnerState | null = null
  stream: MoatLearnerState | null = null
  published = 0

  wire(): void {
    if (this.stream !== null) this.on(moatData[this.moat as OutsideMoat].at(this.stream.stream), signal => this.streamed(signal))
    if (this.finance === null) return
    this.on(Candidates, this.announced)
    this.on(ConfirmationTasks, this.confirmationBegins)
    this.on(ConfirmationVerdicts, this.judged)
    this.on(ApprovalVerdicts, this.approved)
    this.on(Retirements, this.retired)
    this.on(ConsensusPolicies, this.consensusAnnounced)
    this.on(Recollections, this.recalled)
  }

  step(): void {
    const { finance } = this
    if (finance === null) return
    const { hypotheses, rollingWindow } = this.model
    observeTests(finance.tests, rollingWindow, finance.outcomes)
    for (const outcome of finance.outcomes) this.report(finance, outcome)
    finance.outcomes.length = 0
    this.takeAssignment(finance)
    if (
      finance.consensusPolicy !== null &&
      finance.policy === finance.consensusPolicy &&
      this.rng.chance(this.model.params.redrawRate)
    )
      leaveConsensus(finance, hypotheses)
    this.lead(finance)
    this.publishIdeas(finance)
  }

  private streamed(signal: Parameters<typeof readStream>[1]): void {
    const made = this.stream === null ? undefined : readStream(this.stream, signal)
    if (made !== undefined) this.publish(CrossMoatSignals, made)
  }

  /** Screens the hypotheses assigned to it at this bar, except those past their screen. */
  private takeAssignment(finance: FinanceLearnerState): void {
    const { model } = this
    const n = assignedTo(
      model.assignment,
      model.steps,
      model.financeRank(this.ordinal),
      model.financeOrdinals.length,
      model.assigned,
    )
    for (let i = 0; i < n; i++) {
      const hypothesis = model.assigned[i] as number
      if (mayScreen(model.stages, hypothesis)) screenHypothesis(finance.tests, model.hypotheses, hypothesis, model.steps)
    }
  }

  private report(finance: FinanceLearnerState, outcome: TestOutcome): void {
    const { model } = this
    switch (outcome.kind) {
      case 'candidate':
        followHypothesis(finance.tests, outcome)
        this.publish(Candidates, outcome)
        return this.publish(PatternLog, this.candidateRow(outcome))
      case 'fold':
        return this.publish(FoldReports, outcome)
      case 'retired':
        if (!this.publishesFor(outcome.hypothesis)) return
        this.publish(Retirements, outcome)
        return this.publish(
          PatternLog,
          patternRow(model, { ...outcome, status: 'retired', agent: this.key, basis: 'watched bars' }),
        )
    }
  }

  private candidateRow({ hypothesis, sign, z, sum, squares, zz, step }: Candidate): PatternRow {
    const slope = grossSlope(this.model, hypothesis, slopeOf(sum, zz, squares, sign))
    const since = screenBegin(step)
    const seen = { z: sign * z, slope, since, basis: 'screened, biased' } as const
    return patternRow(this.model, { hypothesis, sign, status: 'candidate', agent: this.key, ...seen })
  }

  /** May imitate another learner's candidate. Imitation couples the learners, and so makes contagion possible. */
  private announced(candidate: Candidate, from: number): void {
    const { finance } = this
    if (finance === null || from === this.id || finance.consensusPolicy !== null) return
    const { model } = this
    if (this.rng.chance(model.params.imitationRate)) imitate(finance, candidate, model, this.rng)
  }

  private confirmationBegins({ confirmation, confirmers }: ConfirmationTask): void {
    const { finance } = this
    if (finance === null) return
    cancelScreen(finance.tests, confirmation.hypothesis)
    if (confirmers[finance.tests.fold] === this.ordinal) runConfirmationTask(finance.tests, this.model.hypotheses, confirmation)
  }

  private judged({ hypothesis, confirmed }: ConfirmationVerdict): void {
    if (this.finance === null) return
    if (confirmed) markConfirmed(this.finance.tests, hypothesis)
    else abandonHypothesis(this.finance.tests, hypothesis)
  }

  /** The followers of an approved hypothesis watch it, and so does the learner that publishes for its pair. */
  private approved(verdict: ApprovalVerdict): void {
    const { finance } = this
    if (finance === null) return
    const { hypotheses: space, rollingWindow } = this.model
    if (!verdict.approved) abandonHypothesis(finance.tests, verdict.hypothesis)
    else if (this.publishesFor(verdict.hypothesis) || this.follows(finance, verdict.hypothesis))
      watchApproved(finance.tests, { space, rollingWindow }, verdict)
  }

  private retired({ hypothesis }: Retirement): void {
    if (this.finance !== null) retireHypothesis(this.finance.tests, hypothesis)
  }

  private consensusAnnounced({ policy }: ConsensusPolicy): void {
    if (this.finance !== null) this.finance.consensusPolicy = policy
  }

  private publishesFor(hypothesis: number): boolean {
    return publishes(this.ordinal, hypothesis, this.model)
  }

  private follows(finance: FinanceLearnerState, hypothesis: number): boolean {
    return findPolicy(finance.tests.policies, hypothesis) >= 0
  }

  private lead(finance: FinanceLearnerState): void {
    const { hypotheses } = this.model
    const { hypothesis, sign } = finance.lead
    leadingPolicy(finance.tests, finance.lead)
    if (finance.lead.hypothesis === hypothesis && finance.lead.sign === sign) return
    const policy = leadName(hypotheses, finance.lead)
    if (policy === finance.policy) return
    finance.policy = policy
    this.publish(LeadingPolicies, { learner: this.key, policy })
  }

  private publishIdeas(finance: FinanceLearnerState): void {
    const { model, ordinal } = this
    if (model.warming) return
    this.draftAll(patternForecasts(finance.tests, model, ordinal))
    if (model.forced.length > 0) this.draftAll(forcedForecasts(model, ordinal))
  }

  private draftAll(forecasts: Iterable<Forecast>): void {
    for (const forecast of forecasts) {
      const idea = toIdea(forecast, this.key, this.published++, this.model)
      this.publish(IdeaPatternLinks, { ideaId: idea.id, patterns: patternsBehind(forecast, this.model) })
      this.draft(idea)
    }
  }

  /** Asks Memory first where there is one; its answer publishes the idea. */
  private draft(idea: Idea): void {
    if (this.model.remembers) this.publish(IdeaDrafts, idea)
    else this.publish(MycelialIdeas, idea)
  }

  private recalled({ idea, ...recall }: Recollection): void {
    if (idea.agent !== this.key) return
    this.publish(MycelialIdeas, { ...idea, confidence: recalledConfidence(idea.confidence, recall.factor), recall })
  }
}
