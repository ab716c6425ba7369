/** PatternLearner: finance learners test keys and publish ideas; the other moats' learners publish cross-moat signals. */

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
  screenHypothesis,
  type TestOutcome,
  watchApproved,
} from '../../discovery/index.js'
import type { Moat } from '../../market/index.js'
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
  type Recollection,
  Recollections,
} from '../../trading/index.js'
import { type FinanceLearnerState, imitate, leadName, leaveConsensus } from './finance-learner-state.js'
import { type Forecast, forcedForecasts, patternForecasts, patternsBehind, publishes, toIdea } from './ideas.js'
import { type MoatLearnerState, readStream } from './moat-learner-state.js'
import { patternRow } from './pattern-rows.js'
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
  /** One of the two. */
  finance: FinanceLearnerState | null = null
  stream: MoatLearnerState | null = null
  published = 0

  wire(): void {
    if (this.stream !== null) this.on(moatData[this.moat as Moat].at(this.stream.stream), signal => this.streamed(signal))
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
    const learnerState = this.finance
    if (learnerState === null) return
    const { hypotheses, rollingWindow } = this.model
    observeTests(learnerState.tests, rollingWindow, learnerState.outcomes)
    for (const outcome of learnerState.outcomes) this.report(learnerState, outcome)
    learnerState.outcomes.length = 0
    this.takeAssignment(learnerState)
    if (
      learnerState.consensusPolicy !== null &&
      learnerState.policy === learnerState.consensusPolicy &&
      this.rng.chance(this.model.params.redrawRate)
    )
      leaveConsensus(learnerState, hypotheses)
    this.lead(learnerState)
    this.publishIdeas(learnerState)
  }

  private streamed(signal: Parameters<typeof readStream>[1]): void {
    const made = this.stream === null ? undefined : readStream(this.stream, signal)
    if (made !== undefined) this.publish(CrossMoatSignals, made)
  }

  /** Screens the keys this bar's deal gives it, leaving alone those past their screen. */
  private takeAssignment(learnerState: FinanceLearnerState): void {
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
      if (mayScreen(model.stages, hypothesis)) screenHypothesis(learnerState.tests, model.hypotheses, hypothesis, model.steps)
    }
  }

  private report(learnerState: FinanceLearnerState, outcome: TestOutcome): void {
    const { model } = this
    switch (outcome.kind) {
      case 'candidate':
        followHypothesis(learnerState.tests, model.hypotheses, outcome)
        this.publish(Candidates, outcome)
        return this.publish(PatternLog, patternRow(model, { ...outcome, status: 'candidate', agent: this.key, score: outcome.t }))
      case 'fold':
        return this.publish(FoldReports, outcome)
      case 'retired':
        if (!this.publishesFor(outcome.hypothesis)) return
        this.publish(Retirements, outcome)
        return this.publish(PatternLog, patternRow(model, { ...outcome, status: 'retired', agent: this.key, score: outcome.t }))
    }
  }

  /** Somebody found a candidate: imitation is what makes a swarm of learners, and contagion possible. */
  private announced(candidate: Candidate, from: number): void {
    const learnerState = this.finance
    if (learnerState === null || from === this.id || learnerState.consensusPolicy !== null) return
    const { model } = this
    if (this.rng.chance(model.params.imitationRate))
      imitate(learnerState, model.hypotheses, model.stages, candidate, model.steps, this.rng)
  }

  private confirmationBegins({ confirmation, confirmers }: ConfirmationTask): void {
    const learnerState = this.finance
    if (learnerState === null) return
    const { hypothesis, sign, stage } = confirmation
    cancelScreen(learnerState.tests, this.model.hypotheses, hypothesis)
    if (confirmers[learnerState.tests.fold] === this.ordinal)
      runConfirmationTask(learnerState.tests, this.model.hypotheses, hypothesis, sign, stage)
  }

  private judged({ hypothesis, confirmed }: ConfirmationVerdict): void {
    if (this.finance === null) return
    if (confirmed) markConfirmed(this.finance.tests, this.model.hypotheses, hypothesis)
    else abandonHypothesis(this.finance.tests, this.model.hypotheses, hypothesis)
  }

  /** An approved key is watched by those who follow it, and by the one who publishes for its pair. */
  private approved(verdict: ApprovalVerdict): void {
    const learnerState = this.finance
    if (learnerState === null) return
    const { hypotheses } = this.model
    if (!verdict.approved) abandonHypothesis(learnerState.tests, hypotheses, verdict.hypothesis)
    else if (this.publishesFor(verdict.hypothesis) || this.follows(learnerState, verdict.hypothesis))
      watchApproved(learnerState.tests, hypotheses, verdict)
  }

  private retired({ hypothesis }: Retirement): void {
    if (this.finance !== null) retireHypothesis(this.finance.tests, this.model.hypotheses, hypothesis)
  }

  private consensusAnnounced({ policy }: ConsensusPolicy): void {
    if (this.finance !== null) this.finance.consensusPolicy = policy
  }

  private publishesFor(hypothesis: number): boolean {
    return publishes(this.ordinal, hypothesis, this.model)
  }

  private follows(learnerState: FinanceLearnerState, hypothesis: number): boolean {
    return learnerState.tests.policies.some(lane => findPolicy(lane, hypothesis) >= 0)
  }

  private lead(learnerState: FinanceLearnerState): void {
    const { hypotheses } = this.model
    const { hypothesis, sign } = learnerState.lead
    leadingPolicy(learnerState.tests, learnerState.lead)
    if (learnerState.lead.hypothesis === hypothesis && learnerState.lead.sign === sign) return
    const policy = leadName(hypotheses, learnerState.lead)
    if (policy === learnerState.policy) return
    learnerState.policy = policy
    this.publish(LeadingPolicies, { learner: this.key, policy })
  }

  private publishIdeas(learnerState: FinanceLearnerState): void {
    const { model, ordinal } = this
    this.draftAll(patternForecasts(learnerState.tests, model, ordinal))
    if (model.forced.length > 0) this.draftAll(forcedForecasts(model, ordinal))
  }

  private draftAll(forecasts: Iterable<Forecast>): void {
    for (const forecast of forecasts) {
      const idea = toIdea(forecast, this.key, this.published++, this.model)
      this.publish(IdeaPatternLinks, { ideaId: idea.id, patterns: patternsBehind(forecast, this.model) })
      this.draft(idea)
    }
  }

  /** Memory is asked first, where there is one. */
  private draft(idea: Idea): void {
    if (this.model.remembers) this.publish(IdeaDrafts, idea)
    else this.publish(MycelialIdeas, idea)
  }

  private recalled({ idea, factor }: Recollection): void {
    if (idea.agent !== this.key) return
    this.publish(MycelialIdeas, { ...idea, confidence: Math.min(1, idea.confidence * factor) })
  }
}
