/** TradeAgent: fetches, decides for each of its users by the decision graph, has the gates judge, and learns from what came of it. */

import { canonicalJson, sha256, type TimeMs, toHex } from '../../core/index.js'
import { isComplete, SOL, spotPrice, tokensFor } from '../../exchange/index.js'
import { Agent } from '../../model/index.js'
import {
  type Answer,
  answerOf,
  Decisions,
  type Features,
  type Gate,
  type GateKeeper,
  gateOnEntry,
  gateOnStep,
  type Intent,
  type JointVerdict,
  judgeAll,
  learnLogistic,
} from '../../trading/index.js'
import { decide, traceOf } from '../decision/graph.js'
import { parseRules, type UserRule } from '../decision/rules.js'
import {
  type DecisionInputs,
  type DecisionPorts,
  ruleFields,
  type TokenData,
  type TradeDecision,
  userGraph,
} from '../decision/user-graph.js'
import { askReviewer, type Control, forgetEnded, newControl, noteFetch, pauseIfAnomalous, stoppedBy } from './control.js'
import { noteVolumes } from './coordination.js'
import { enterOnPaper, leaveOnPaper } from './exits.js'
import { type Assignment, assign, type Experiment, forgetTokens, newExperiment } from './experiment.js'
import {
  calibrated,
  calibrateRisk,
  confidenceIn,
  gainOf,
  type Learning,
  learnGains,
  learnRisk,
  newLearning,
  type OpenOutcome,
  riskIn,
  scoreOf,
  voteOf,
  weightsOf,
} from './learning.js'
import { launchLimits } from './limits.js'
import { flowNow, momentumOf, userFeatures } from './matured.js'
import type { LaunchWorld } from './ports.js'
import { purchaseIntent } from './purchase.js'
import { beginCycle, holdOnPaper, isPromoted, type Shadow, settlePaper, trainChallenger } from './retraining.js'
import type { Review } from './review.js'
import { inSlots, LAUNCH_START } from './slots.js'
import { type LaunchToken, volumeOf } from './token.js'
import { mentionsOfLast, moodOfNews, type TokenView, viewOf } from './token-views.js'
import {
  Consents,
  type JudgedFeatures,
  MaturedDecisions,
  ModelVersions,
  Reviewed,
  Skips,
  TradeAlerts,
  UserDecisions,
} from './topics.js'
import type { User } from './user.js'
import { OperatorAccount, UserAccount } from './user-account.js'
import { userGateRules } from './user-limits.js'

/** Tokens of a user that reach the gate in one cycle, at most: the surest. */
const MOST_CANDIDATES = 5
/** A curve knows no indicator. */
const noFeatures: Features = { rsi: null, macd: null, bollinger: null, atr: null, volume: null, regime: 1, trend: null }

/** A decision to buy, before the gates were asked. */
interface Candidate {
  readonly user: User
  readonly token: LaunchToken
  readonly inputs: DecisionInputs
  readonly decision: TradeDecision
  readonly assignment?: Assignment | undefined
}

/** Decisions of a cycle with news that are too old from which on an operator is alerted; cycles that a review waits. */
const [STALE_NEWS, REVIEW_CYCLES] = [5, 3] as const

/** An entry on paper, in lamports. */
const PAPER_ENTRY = SOL / 2

/** What is made of functions, and so is no part of the state. */
const keepers = new WeakMap<User | TradeAgent, GateKeeper>()
const ruleTables = new WeakMap<TradeAgent, readonly UserRule[]>()

export class TradeAgent extends Agent<LaunchWorld> {
  users: User[] = []
  declare gate: Gate
  /** What was fetched last, by pair. */
  views = new Map<string, TokenView>()
  news = new Map<string, { mood: number; time: TimeMs; form: 'whole' }>()
  /** What was counted of a token's mentions last, by pair. */
  social = new Map<string, { mentions: number; time: TimeMs; form: 'whole' }>()
  learning: Learning = newLearning()
  control: Control = newControl()
  /** The challenger in the shadow; null: there is none. */
  shadow: Shadow | null = null
  /** Absent without an experiment. */
  declare experiment?: Experiment
  open: OpenOutcome[] = []
  cycle = 0
  decisionCount = 0
  entries = 0
  /** Fetches that brought nothing; outcomes that were not kept. */
  failedFetches = 0
  unlearnt = 0
  /** Of the running cycle: decisions that met a reason that operators are alerted to. */
  against: Record<string, number> = {}
  /** Decisions against an entry, by their first reason. */
  skips: Record<string, number> = {}

  /** Reads the rules of users, so that a wrong one is refused before anything begins. */
  readRules(): readonly UserRule[] {
    let rules = ruleTables.get(this)
    if (rules === undefined) {
      const text = this.model.params.rules
      rules = text === '' ? [] : parseRules(text, 'rules.csv', ruleFields)
      ruleTables.set(this, rules)
    }
    return rules
  }

  /** Fetches tokens and news, and decides a while later. */
  fetch(): void {
    const { params, living, now } = this.model
    const { fetchEveryMs, tradeAfterMs, slotMs } = params
    this.after(inSlots(fetchEveryMs, slotMs), 'fetch')
    this.after(inSlots(tradeAfterMs, slotMs), 'trade')
    const fails = (span: { fromMs: number; untilMs: number } | null) =>
      span !== null && now - LAUNCH_START >= span.fromMs && now - LAUNCH_START < span.untilMs
    const failed = fails(params.fetchFails)
    if (this.cycle === 0 && this.views.size === 0) this.tellConsents()
    if (noteFetch(this.control, failed)) this.alert('breaker', 'Fetches bring nothing; nothing is entered.')
    for (const token of living) this.pause(token)
    if (failed) this.failedFetches++
    else this.views = new Map(living.map(token => [token.pair, viewOf(token, now)]))
    if (!fails(params.newsFails))
      this.news = new Map(living.map(token => [token.pair, { mood: moodOfNews(token), time: now, form: 'whole' }]))
    this.social = new Map(
      living.flatMap(token => {
        const mentions = mentionsOfLast(token)
        return mentions === null ? [] : [[token.pair, { mentions, time: now, form: 'whole' }] as const]
      }),
    )
  }

  /** One cycle: every user and every living token, then the gates in turns, in an order drawn by chance. */
  trade(): void {
    this.cycle++
    const { living, now } = this.model
    calibrateRisk(this.learning)
    for (const review of forgetEnded(this.control, this.model.tokens, now, this.model.params.fetchEveryMs * REVIEW_CYCLES))
      this.publish(Reviewed, { ...review, time: now, status: 'expired' })
    noteVolumes(this.gate, new Map(living.map(token => [token.pair, volumeOf(token)])), now)
    for (const user of this.users) gateOnStep(this.keeperOf(user), now)
    if (this.experiment !== undefined) forgetTokens(this.experiment, this.model.tokens)
    const skipped: Record<string, number> = {}
    this.against = {}
    const data = living.map(token => this.dataOf(token))
    const wanted = this.rng.shuffle([...this.users]).map(user => this.candidatesOf(user, data, skipped))
    for (let turn = 0; turn < MOST_CANDIDATES; turn++)
      for (const candidates of wanted) {
        const candidate = candidates[turn]
        if (candidate !== undefined) this.submit(candidate)
      }
    for (const [reason, count] of Object.entries(skipped)) {
      this.skips[reason] = (this.skips[reason] ?? 0) + count
      this.publish(Skips, { time: now, cycle: this.cycle, reason, count })
    }
    const { staleNews = 0 } = this.against
    if (staleNews >= STALE_NEWS) this.alert('staleNews', `${staleNews} decisions met news that are too old.`)
    this.against = {}
    this.openOutcomes(data)
    if (this.shadow !== null && this.model.now < this.shadow.until) this.shadowCycle(this.shadow, data)
  }

  /** Trains a challenger, and sends it into the shadow. */
  retrain(): void {
    const { params, now } = this.model
    this.after(inSlots(params.retrainEveryMs, params.slotMs), 'retrain')
    if (this.shadow !== null) return
    const { learning } = this
    const of = { champion: learning.model, version: learning.trained + 1, now, shadowMs: params.shadowMs }
    const shadow = trainChallenger(learning.gainOutcomes, of)
    if (shadow === null) return
    learning.trained++
    this.shadow = shadow
    this.publish(ModelVersions, { ...shadow.artifact, time: now, status: 'shadow', cycles: 0, meanDifference: null })
  }

  /** What champion and challenger would buy in this cycle is held on paper, in equal entries, until outcomes are judged. */
  private shadowCycle(shadow: Shadow, data: readonly { token: LaunchToken; data: TokenData | null }[]): void {
    const { params, now } = this.model
    const { learning, cycle } = this
    beginCycle(shadow, cycle)
    const due = now + inSlots(params.outcomeMs, params.slotMs)
    const challenger = { ...learning, model: shadow.model, gains: calibrated({ ...learning, model: shadow.model }) }
    const both = [
      ['champion', learning],
      ['challenger', challenger],
    ] as const
    for (const { token, data: seen } of data) {
      const features = this.views.get(token.pair)?.features
      if (seen === null || features === undefined || isComplete(token.curve)) continue
      for (const [by, of] of both) {
        const score = scoreOf(weightsOf(of), voteOf(gainOf(of, features)), seen.news?.mood ?? 0)
        if (confidenceIn(of.gains, score) < params.minConfidence) continue
        const entry = { profile: 'scalper' as const, risk: seen.risk, lamports: PAPER_ENTRY, now }
        const position = enterOnPaper(token, entry)
        if (position !== null) holdOnPaper(shadow, { cycle, by, due, position })
      }
    }
  }

  /** Judges what is held on paper; at the end of the shadow the better one decides from then on. */
  private judgeShadow(shadow: Shadow): void {
    const { now } = this.model
    settlePaper(shadow, now, position => leaveOnPaper(position, now, true) ?? 0)
    if (now < shadow.until || shadow.open.length > 0) return
    const differences = Object.values(shadow.differences)
    const promoted = isPromoted(differences)
    const cycles = differences.length
    const meanDifference = differences.reduce((sum, x) => sum + x, 0) / Math.max(1, cycles)
    const status = promoted ? 'promoted' : 'rejected'
    this.publish(ModelVersions, { ...shadow.artifact, time: now, status, cycles, meanDifference })
    if (promoted) {
      this.learning.model = shadow.model
      this.learning.version = shadow.artifact.version
      this.learning.gains = calibrated(this.learning)
    }
    this.shadow = null
  }

  /** Learns what came of the tokens that were judged, whether anybody bought them or not. */
  mature(): void {
    const { now, tokens } = this.model
    const due = this.open.filter(outcome => outcome.due <= now)
    this.open = this.open.filter(outcome => outcome.due > now)
    const outcomes = due.map(of => {
      const token = tokens.get(of.pair)
      // Both fees: one of what is paid, one of what is received. A token that is gone is worth nothing.
      const gain = token === undefined ? -1 : (spotPrice(token.curve) / of.price) * 0.99 * 0.99 - 1
      this.publishMatured(of, gain)
      return { of, gained: gain > 0 }
    })
    learnGains(this.learning, outcomes)
    const { shadow } = this
    if (shadow === null) return
    for (const { of, gained } of outcomes) learnLogistic(shadow.model, of.features, gained)
    this.judgeShadow(shadow)
  }

  private publishMatured({ of, pair, time, due, votes, score, confidence }: OpenOutcome, gain: number): void {
    if (of === null) return
    const [modelVote, newsVote] = votes
    this.publish(MaturedDecisions, { ...of, time, due, pair, modelVote, newsVote, score, confidence, gain })
  }

  /** Learns whether a token of that risk score collapsed. */
  learnRisk(score: number, collapsed: boolean): void {
    learnRisk(this.learning, { score, came: collapsed })
  }

  /** Pauses a token that moves too fast, and asks a reviewer. */
  private pause(token: LaunchToken): void {
    if (!pauseIfAnomalous(this.control, token, this.model.now)) return
    this.alert('paused', token.pair)
    this.queue(token, 'paused', null)
  }

  private queue({ pair }: LaunchToken, kind: Review['kind'], confidence: number | null): void {
    const { now: time } = this.model
    const review = askReviewer(this.control, { time, pair, kind, confidence })
    if (review !== undefined) this.publish(Reviewed, { ...review, status: 'waiting' })
  }

  private alert(code: string, about: string): void {
    this.publish(TradeAlerts, { time: this.model.now, cycle: this.cycle, code, about })
  }

  private tellConsents(): void {
    for (const user of this.users) for (const consent of user.consents) this.publish(Consents, { user: user.key, ...consent })
  }

  private dataOf(token: LaunchToken): { token: LaunchToken; data: TokenData | null } {
    const view = this.views.get(token.pair)
    if (view === undefined) return { token, data: null }
    const { pair, fetchedAt, launchedAt, seen, features, riskScore } = view
    const { learning } = this
    return {
      token,
      data: {
        pair,
        fetchedAt,
        form: 'whole',
        ageMs: this.model.now - launchedAt,
        ...seen,
        stopped: stoppedBy(this.control, token, this.model.now),
        approved: pair in this.control.approved,
        risk: riskIn(learning, riskScore),
        gain: gainOf(learning, features),
        news: this.news.get(pair) ?? null,
        social: this.social.get(pair) ?? null,
      },
    }
  }

  /** The surest decisions to buy of one user; all others are counted by their first reason. */
  private candidatesOf(
    user: User,
    tokens: readonly { token: LaunchToken; data: TokenData | null }[],
    skipped: Record<string, number>,
  ): Candidate[] {
    const { now: time } = this.model
    const count = (reason: string) => {
      skipped[reason] = (skipped[reason] ?? 0) + 1
    }
    const candidates: Candidate[] = []
    const ports = this.ports()
    const learnt = this.learnt()
    for (const { token, data } of tokens) {
      const assignment = this.assignmentOf(user, token)
      const size = assignment?.arm === 'B' ? (this.model.params.experiment?.size ?? 1) : 1
      const inputs: DecisionInputs = { userData: userDataOf(user, token, time, size), tokenData: data, time, ...learnt }
      const { decision } = decide(userGraph, inputs, ports)
      if (decision.action === 'buy') candidates.push({ user, token, inputs, decision, assignment })
      else {
        count(decision.reasons[0] ?? '')
        if (decision.reasons.includes('staleNews')) this.against.staleNews = (this.against.staleNews ?? 0) + 1
        if (isNearlySure(decision, ports)) this.queue(token, 'lowConfidence', decision.confidence)
      }
    }
    candidates.sort((a, b) => b.decision.confidence - a.decision.confidence)
    for (let i = MOST_CANDIDATES; i < candidates.length; i++) count('notAmongSurest')
    return candidates.slice(0, MOST_CANDIDATES)
  }

  /** The arm of an entry, where there is an experiment. */
  private assignmentOf({ key: user }: User, { pair }: LaunchToken): Assignment | undefined {
    const { params, now: time } = this.model
    if (params.experiment === null) return undefined
    this.experiment ??= newExperiment()
    const { blockMs } = params.experiment
    return assign(this.experiment, { pair, user, time, blockMs, rng: this.model.stream('arms') })
  }

  private submit({ user, token, inputs, decision, assignment }: Candidate): void {
    const { amount, confidence } = decision
    const { now: time } = this.model
    const intent = purchaseIntent({
      pair: token.pair,
      tokens: tokensFor(token.curve, amount),
      price: spotPrice(token.curve),
      time,
      decidedAt: time,
      confidence,
      strategy: user.profile,
    })
    const joint = judgeAll([this.keeperOf(user), this.keeperOf(this)], intent, 'entry')
    const id = `${this.cycle}:${user.key}:${token.pair}`
    if (joint.refusedBy === null) {
      const granted = { ...intent, qtyE8: joint.qtyE8 }
      gateOnEntry(this.keeperOf(user), granted)
      gateOnEntry(this.keeperOf(this), granted)
      this.entries++
      const lamports = Math.min(amount, Math.floor(spotPrice(token.curve) * joint.qtyE8))
      user.enter(token, lamports, {
        decision: id,
        risk: inputs.tokenData?.risk ?? 1,
        confidence,
        ...(assignment === undefined ? {} : { assignment }),
      })
    }
    this.record({ user, token, inputs, decision }, { id, intent, answer: answerTo(joint, intent, id) })
  }

  private record({ user, token, inputs }: Candidate, of: { id: string; intent: Intent; answer: Answer }): void {
    const { now: time, steps: step } = this.model
    const { pair } = token
    const text = canonicalJson(inputs)
    const trace = traceOf(userGraph, inputs, this.ports())
    const { tokenData } = inputs
    const ages = { snapshot: time - (tokenData?.fetchedAt ?? time), news: time - (tokenData?.news?.time ?? time) }
    this.publish(UserDecisions, {
      id: of.id,
      time,
      user: user.key,
      pair,
      inputsDigest: toHex(sha256(new TextEncoder().encode(text))),
      inputs: text,
      sources: canonicalJson(ages),
      nodes: canonicalJson(trace),
      outcome: of.answer.outcome,
      reasons: [of.answer.outcome, ...trace.flatMap(({ reasons }) => reasons)].slice(0, 5).join(' '),
    })
    this.publish(Decisions, {
      id: ++this.decisionCount,
      step,
      time,
      portfolio: user.key,
      signal: {
        pair,
        direction: 1,
        confidence: of.intent.confidence,
        agent: this.key,
        pattern: user.profile,
        features: noFeatures,
      },
      ideaId: of.id,
      agreeingIdeaId: null,
      answer: of.answer,
    })
  }

  /** Notes every token that was judged, to learn from it. */
  private openOutcomes(data: readonly { token: LaunchToken; data: TokenData | null }[]): void {
    const { now, params } = this.model
    const due = now + inSlots(params.outcomeMs, params.slotMs)
    const weights = weightsOf(this.learning)
    for (const { token, data: seen } of data) {
      const features = this.views.get(token.pair)?.features
      if (seen === null || features === undefined) continue
      if (this.open.length >= launchLimits.openOutcomes) {
        this.unlearnt++
        continue
      }
      const votes: [number, number] = [voteOf(seen.gain), seen.news?.mood ?? 0]
      const score = scoreOf(weights, ...votes)
      const confidence = confidenceIn(this.learning.gains, score)
      const of = this.judgedBy(this.users[(this.cycle + this.open.length) % Math.max(1, this.users.length)], token, seen)
      const price = spotPrice(token.curve)
      this.open.push({ pair: token.pair, price, due, features, votes, score, confidence, of, time: now })
    }
    this.at(due, 'mature')
  }

  /** What was decided for one user, each in turn, and what it was decided by. */
  private judgedBy(user: User | undefined, token: LaunchToken, data: TokenData): JudgedFeatures | null {
    if (user === undefined) return null
    const { now: time, params } = this.model
    const inputs = { userData: userDataOf(user, token, time, 1), tokenData: data, time, ...this.learnt() }
    const { action, reasons } = decide(userGraph, inputs, this.ports()).decision
    const { progress, phase, multiLaunch, dormant, risk, social } = data
    return {
      ...userFeatures(user),
      minConfidence: params.minConfidence,
      momentum: momentumOf(token),
      flow: flowNow(token, time),
      progress,
      phase,
      mentions: social?.mentions ?? null,
      multiLaunch,
      dormant,
      risk,
      action,
      reason: reasons[0] ?? '',
    }
  }

  private learnt(): Pick<DecisionInputs, 'weights' | 'calibration'> {
    return { weights: weightsOf(this.learning), calibration: this.learning.gains }
  }

  private ports(): DecisionPorts {
    const { minConfidence, reviewConfidence } = this.model.params
    return { rules: this.readRules(), minConfidence, reviewConfidence, confidence: confidenceIn }
  }

  private keeperOf(of: User | TradeAgent): GateKeeper {
    let keeper = keepers.get(of)
    if (keeper === undefined) {
      const account = of === this ? new OperatorAccount(this.model) : new UserAccount(of as User)
      keeper = { gate: of.gate, rules: userGateRules, account, announce: () => {} }
      keepers.set(of, keeper)
    }
    return keeper
  }
}

/** Whether nothing but the confidence is against an entry, and that only by little. */
function isNearlySure({ confidence, reasons }: TradeDecision, { reviewConfidence }: DecisionPorts): boolean {
  return confidence >= reviewConfidence && reasons.length === 1 && reasons[0] === 'lowConfidence'
}

function userDataOf(user: User, token: LaunchToken, time: TimeMs, size: number): DecisionInputs['userData'] {
  const { pair } = token
  return {
    user: user.key,
    profile: user.profile,
    cash: user.lamports,
    baseSize: user.baseSize * size,
    holdsToken: user.positions.has(pair) || user.waiting.has(pair),
    consents: user.agreesTo(token, time),
    snapshot: { time, form: 'whole' },
  }
}

/** What the gates said, as the record has it: the verdict that refused, or else the last one. */
function answerTo({ refusedBy, verdicts, qtyE8 }: JointVerdict, { qtyE8: wantedE8 }: Intent, id: string): Answer {
  const verdict = (verdicts.find(({ gate }) => gate === refusedBy) ?? verdicts[verdicts.length - 1])?.verdict ?? null
  const last = verdicts[verdicts.length - 1]?.verdict ?? verdict
  if (refusedBy !== null) return answerOf(last?.refusedBy ?? '', { wantedE8, verdict: last })
  const shrunk = verdicts.flatMap(each => each.verdict.shrunk)
  return answerOf('entry', { tradeId: id, wantedE8, verdict: verdict === null ? null : { ...verdict, qtyE8, shrunk } })
}
