/** PatternLearner: finance learners test keys and publish ideas; the other moats' learners publish cross-moat signals. */

import {
  type ApprovalVerdict,
  type BookOutcome,
  type Candidate,
  type ConfirmationVerdict,
  cancelScreen,
  type DriverMoat,
  dealtTo,
  findPolicy,
  followKey,
  forsakeKey,
  leadingPolicy,
  markConfirmed,
  mayScreen,
  observeBook,
  type Retirement,
  retireKey,
  screenKey,
  serveDuty,
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
import { type FinanceMind, imitate, leadName, leaveHerd } from './finance-mind.js'
import { type Conviction, forcedConvictions, patternConvictions, patternsBehind, publishes, toIdea } from './ideas.js'
import { type MoatMind, readStream } from './moat-mind.js'
import { patternRow } from './pattern-rows.js'
import type { SwarmModel } from './ports.js'
import {
  ApprovalVerdicts,
  Candidates,
  ConfirmationVerdicts,
  Duties,
  type Duty,
  FoldReports,
  type Herd,
  Herds,
  Retirements,
} from './topics.js'

export class PatternLearner extends Agent<SwarmModel> {
  moat: DriverMoat = 'finance'
  /** One of the two. */
  finance: FinanceMind | null = null
  stream: MoatMind | null = null
  published = 0

  wire(): void {
    if (this.stream !== null) this.on(moatData[this.moat as Moat].at(this.stream.stream), signal => this.streamed(signal))
    if (this.finance === null) return
    this.on(Candidates, this.announced)
    this.on(Duties, this.dutyBegins)
    this.on(ConfirmationVerdicts, this.judged)
    this.on(ApprovalVerdicts, this.approved)
    this.on(Retirements, this.retired)
    this.on(Herds, this.herded)
    this.on(Recollections, this.recalled)
  }

  step(): void {
    const mind = this.finance
    if (mind === null) return
    const { keys, tape } = this.model
    observeBook(mind.book, tape, mind.outcomes)
    for (const outcome of mind.outcomes) this.report(mind, outcome)
    mind.outcomes.length = 0
    this.takeDeal(mind)
    if (mind.herd !== null && mind.policy === mind.herd && this.rng.chance(this.model.params.redrawRate)) leaveHerd(mind, keys)
    this.lead(mind)
    this.publishIdeas(mind)
  }

  private streamed(signal: Parameters<typeof readStream>[1]): void {
    const made = this.stream === null ? undefined : readStream(this.stream, signal)
    if (made !== undefined) this.publish(CrossMoatSignals, made)
  }

  /** Screens the keys this bar's deal gives it, leaving alone those past their screen. */
  private takeDeal(mind: FinanceMind): void {
    const { model } = this
    const n = dealtTo(model.deal, model.steps, model.financeRank(this.ordinal), model.financeOrdinals.length, model.dealt)
    for (let i = 0; i < n; i++) {
      const key = model.dealt[i] as number
      if (mayScreen(model.stages, key)) screenKey(mind.book, model.keys, key, model.steps)
    }
  }

  private report(mind: FinanceMind, outcome: BookOutcome): void {
    const { model } = this
    switch (outcome.kind) {
      case 'candidate':
        followKey(mind.book, model.keys, outcome)
        this.publish(Candidates, outcome)
        return this.publish(PatternLog, patternRow(model, { ...outcome, status: 'candidate', agent: this.key, score: outcome.t }))
      case 'fold':
        return this.publish(FoldReports, outcome)
      case 'retired':
        if (!this.publishesFor(outcome.key)) return
        this.publish(Retirements, outcome)
        return this.publish(PatternLog, patternRow(model, { ...outcome, status: 'retired', agent: this.key, score: outcome.t }))
    }
  }

  /** Somebody found a candidate: imitation is what makes a swarm of learners, and contagion possible. */
  private announced(candidate: Candidate, from: number): void {
    const mind = this.finance
    if (mind === null || from === this.id || mind.herd !== null) return
    const { model } = this
    if (this.rng.chance(model.params.imitationRate)) imitate(mind, model.keys, model.stages, candidate, model.steps, this.rng)
  }

  private dutyBegins({ confirmation, confirmers }: Duty): void {
    const mind = this.finance
    if (mind === null) return
    const { key, sign, stage } = confirmation
    cancelScreen(mind.book, this.model.keys, key)
    if (confirmers[mind.book.fold] === this.ordinal) serveDuty(mind.book, this.model.keys, key, sign, stage)
  }

  private judged({ key, confirmed }: ConfirmationVerdict): void {
    if (this.finance === null) return
    if (confirmed) markConfirmed(this.finance.book, this.model.keys, key)
    else forsakeKey(this.finance.book, this.model.keys, key)
  }

  /** An approved key is watched by those who follow it, and by the one who publishes for its pair. */
  private approved(verdict: ApprovalVerdict): void {
    const mind = this.finance
    if (mind === null) return
    const { keys } = this.model
    if (!verdict.approved) forsakeKey(mind.book, keys, verdict.key)
    else if (this.publishesFor(verdict.key) || this.follows(mind, verdict.key)) watchApproved(mind.book, keys, verdict)
  }

  private retired({ key }: Retirement): void {
    if (this.finance !== null) retireKey(this.finance.book, this.model.keys, key)
  }

  private herded({ policy }: Herd): void {
    if (this.finance !== null) this.finance.herd = policy
  }

  private publishesFor(key: number): boolean {
    return publishes(this.ordinal, key, this.model)
  }

  private follows(mind: FinanceMind, key: number): boolean {
    return mind.book.policies.some(lane => findPolicy(lane, key) >= 0)
  }

  private lead(mind: FinanceMind): void {
    const { keys } = this.model
    const { key, sign } = mind.lead
    leadingPolicy(mind.book, mind.lead)
    if (mind.lead.key === key && mind.lead.sign === sign) return
    const policy = leadName(keys, mind.lead)
    if (policy === mind.policy) return
    mind.policy = policy
    this.publish(LeadingPolicies, { learner: this.key, policy })
  }

  private publishIdeas(mind: FinanceMind): void {
    const { model, ordinal } = this
    this.draftAll(patternConvictions(mind.book, model, ordinal))
    if (model.forced.length > 0) this.draftAll(forcedConvictions(model, ordinal))
  }

  private draftAll(convictions: Iterable<Conviction>): void {
    for (const conviction of convictions) {
      const idea = toIdea(conviction, this.key, this.published++, this.model)
      this.publish(IdeaPatternLinks, { ideaId: idea.id, patterns: patternsBehind(conviction, this.model) })
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
