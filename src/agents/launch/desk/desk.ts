/**
 * A desk: decides for users by the decision graph on data from outside, and trades on paper. It is a pure function of its policy and of
 * the inputs of its cycles, so a desk that gets the same inputs again comes to the same decisions.
 */

import { canonicalJson, MINUTE_MS, sha256, type TimeMs, toHex } from '../../../core/index.js'
import { buyFrom, type Curve, circulating, sellTo, spotPrice, tokensFor } from '../../../exchange/index.js'
import { type GateKeeper, gateOnEntry, gateOnStep, judgeAll, newGate, setGateLimits } from '../../../trading/index.js'
import { decide, traceOf } from '../../decision/graph.js'
import { parseRules } from '../../decision/rules.js'
import { type DecisionInputs, type DecisionPorts, ruleFields, userGraph } from '../../decision/user-graph.js'
import { hasJustBought, noteSale, noteVolumes } from '../coordination.js'
import { calibrateRisk, confidenceIn, learnGains, learnRisk, newLearning, type OpenOutcome, weightsOf } from '../learning.js'
import { type Leaving, meanChange, reasonToLeave } from '../leaving.js'
import { launchLimits } from '../limits.js'
import { purchaseIntent } from '../purchase.js'
import { operatorLimitsOf, userGateRules, userLimitsOf } from '../user-limits.js'
import { type DeskPosition, DeskUser, marketIn } from './account.js'
import { catalogRefuses, dataOfSeen, pricesIn, userDataOfSeen, viewOfSeen } from './data.js'
import { depthOf } from './depth.js'
import type { CatalogEntry, DeskDecision, DeskFill, DeskInputs, DeskOutput, DeskPolicy, SeenToken, SeenUser } from './seen.js'

/** Tokens of a user that reach the gate in one cycle, at most: the surest. */
const MOST_CANDIDATES = 5
/** Insiders leave where the creator holds so much less of the supply than at the entry. */
const INSIDER_SHARE = 0.05

interface Candidate {
  readonly user: DeskUser
  readonly token: SeenToken
  readonly inputs: DecisionInputs
  readonly amount: number
  readonly confidence: number
}

/** A price at which a collapse within the horizon is measured. */
interface OpenScore {
  readonly mint: string
  readonly score: number
  readonly price: number
  readonly due: TimeMs
  lowest: number
}

export class Desk {
  readonly users = new Map<string, DeskUser>()
  readonly learning = newLearning()
  private readonly prices = new Map<string, { price: number; time: TimeMs }>()
  private readonly operator
  private readonly operatorKeeper: GateKeeper
  private ports: DecisionPorts
  private catalog: ReadonlyMap<string, CatalogEntry> = new Map()
  private hasWhite = false
  private outcomes: OpenOutcome[] = []
  private scores: OpenScore[] = []
  private lastTime = Number.NEGATIVE_INFINITY
  private decisions: DeskDecision[] = []
  private fills: DeskFill[] = []

  constructor(private policy: DeskPolicy) {
    this.ports = deskPorts(policy)
    this.operator = newGate('operator', 'desk', operatorLimitsOf(policy), userGateRules)
    const together = {
      equityE6: () => 0,
      grossE6: () => 0,
      openCount: () => 0,
      eachExposure() {},
      position: () => null,
      doubt: () => null,
    }
    const account = { startE6: 0, ...together, market: (mint: string) => marketIn(this.prices, mint) }
    this.operatorKeeper = { gate: this.operator, rules: userGateRules, account, announce() {} }
    this.decideBy(policy)
  }

  /** Decides by another policy from now on; what users have and what was learnt stays. */
  decideBy(policy: DeskPolicy): void {
    this.ports = deskPorts(policy)
    this.policy = policy
    this.catalog = new Map(policy.catalog.map(entry => [entry.mint, entry]))
    this.hasWhite = policy.catalog.some(({ list }) => list === 'white')
    setGateLimits(this.operator, operatorLimitsOf(policy), userGateRules)
    for (const { gate } of this.users.values()) setGateLimits(gate, userLimitsOf(policy), userGateRules)
  }

  /** One cycle: learns, leaves, decides for every user and token, and asks the gates in turns; who begins changes from minute to minute. */
  cycle(inputs: DeskInputs): DeskOutput {
    const { time, tokens } = inputs
    this.begin(time)
    this.mark(time, new Map(pricesIn(inputs).map(([mint, { price }]) => [mint, price])))
    calibrateRisk(this.learning)
    noteVolumes(this.operator, new Map(tokens.map(({ mint, volumes }) => [mint, sumOf(volumes.slice(-60))])), time)
    const depths = new Map(tokens.map(token => [token.mint, depthOf(token)]))
    const skips: Record<string, number> = {}
    const seen = inputs.users.map(user => ({ seen: user, user: this.userOf(user) }))
    for (const { user, seen: of } of seen) this.leave(user, of, tokens, depths, time)
    for (const { user } of seen) gateOnStep(this.keeperOf(user), time)
    const wanted = seen.map(({ seen: of, user }) => this.candidatesOf(user, of, inputs, skips))
    const first = Math.floor(time / MINUTE_MS)
    for (let turn = 0; turn < MOST_CANDIDATES; turn++)
      for (let i = 0; i < wanted.length; i++) {
        const candidate = wanted[(first + i + turn) % wanted.length]?.[turn]
        if (candidate !== undefined) this.enter(candidate, depths.get(candidate.token.mint) ?? null)
      }
    this.openOutcomes(tokens, time, skips)
    const { decisions, fills } = this
    this.decisions = []
    this.fills = []
    return { decisions, fills, skips }
  }

  /** Takes prices between cycles; outcomes that are due are judged by them. */
  mark(time: TimeMs, prices: ReadonlyMap<string, number>): void {
    for (const [mint, price] of prices) {
      this.prices.set(mint, { price, time })
      for (const { positions } of this.users.values()) {
        const held = positions.get(mint)
        if (held !== undefined) held.peak = Math.max(held.peak, price)
      }
      for (const score of this.scores) if (score.mint === mint && time <= score.due) score.lowest = Math.min(score.lowest, price)
    }
    this.mature(time)
  }

  /** What all users have together, and what they began with. */
  equity(): { stake: number; equity: number; gross: number } {
    const users = [...this.users.values()]
    const of = (read: (user: DeskUser) => number) => users.reduce((sum, user) => sum + read(user), 0)
    return { stake: of(user => user.stake), equity: of(user => user.equityE6()), gross: of(user => user.grossE6()) }
  }

  private begin(time: TimeMs): void {
    if (!(time > this.lastTime)) throw new RangeError(`a cycle at ${time} after one at ${this.lastTime}`)
    this.lastTime = time
  }

  private userOf(seen: SeenUser): DeskUser {
    let user = this.users.get(seen.user)
    if (user === undefined) {
      user = new DeskUser(seen.user, seen, this.policy, this.prices)
      this.users.set(seen.user, user)
    }
    return user
  }

  private candidatesOf(user: DeskUser, seen: SeenUser, { time, tokens }: DeskInputs, skips: Record<string, number>): Candidate[] {
    const skip = (reason: string) => {
      skips[reason] = (skips[reason] ?? 0) + 1
    }
    const learnt = { weights: weightsOf(this.learning), calibration: this.learning.gains }
    const candidates: Candidate[] = []
    for (const token of tokens) {
      const entry = this.catalog.get(token.mint)
      const kept = catalogRefuses(entry, this.hasWhite, seen, token)
      if (kept !== null) {
        skip(kept)
        continue
      }
      const has = { cash: user.lamports, holds: user.positions.has(token.mint) }
      const inputs: DecisionInputs = {
        userData: userDataOfSeen(seen, has, token, time),
        tokenData: dataOfSeen(token, entry, this.learning, time),
        time,
        ...learnt,
      }
      const { action, amount, confidence, reasons } = decide(userGraph, inputs, this.ports).decision
      if (action === 'buy') candidates.push({ user, token, inputs, amount, confidence })
      else skip(reasons[0] ?? '')
    }
    candidates.sort((a, b) => b.confidence - a.confidence)
    for (const _ of candidates.slice(MOST_CANDIDATES)) skip('notAmongSurest')
    return candidates.slice(0, MOST_CANDIDATES)
  }

  private enter(candidate: Candidate, depth: Curve | null): void {
    const { user, token, inputs, amount, confidence } = candidate
    const paid = Math.min(amount, user.lamports)
    const wanted = depth === null ? 0 : tokensFor(depth, paid)
    if (depth === null || wanted === 0) return this.record(candidate, 'none', [depth === null ? 'migrating' : 'tooLittle'])
    const { time } = inputs
    const intent = purchaseIntent({
      pair: token.mint,
      tokens: wanted,
      price: spotPrice(depth),
      time,
      decidedAt: Math.max(time, token.launchedAt),
      confidence,
      strategy: user.key,
    })
    const { refusedBy, qtyE8, verdicts } = judgeAll([this.keeperOf(user), this.operatorKeeper], intent, 'entry')
    if (refusedBy !== null || qtyE8 === 0) {
      const code = verdicts.find(({ gate }) => gate === refusedBy)?.verdict.refusedBy
      return this.record(candidate, 'none', [code ?? 'gate'])
    }
    const granted = { ...intent, qtyE8 }
    gateOnEntry(this.keeperOf(user), granted)
    gateOnEntry(this.operatorKeeper, granted)
    const before = spotPrice(depth)
    const { lamports, fee } = buyFrom(depth, qtyE8)
    user.lamports -= lamports + fee
    const risk = inputs.tokenData?.risk ?? 1
    const { mint, creatorShare } = token
    user.positions.set(mint, {
      tokens: qtyE8,
      paid: lamports + fee,
      since: inputs.time,
      peak: before,
      risk,
      confidence,
      creatorShare,
    })
    this.record(candidate, 'buy', ['entry'])
    const slippage = Math.max(0, lamports - Math.floor(before * qtyE8))
    const of = {
      time: inputs.time,
      user: user.key,
      mint,
      action: 'buy',
      tokens: qtyE8,
      lamports: lamports + fee,
      fee,
      slippage,
    } as const
    this.fills.push({ ...of, decision: idOf(inputs.time, user.key, mint), pnl: null, heldMs: null, risk, confidence })
  }

  private leave(
    user: DeskUser,
    seen: SeenUser,
    tokens: readonly SeenToken[],
    depths: ReadonlyMap<string, Curve | null>,
    time: TimeMs,
  ): void {
    for (const [mint, held] of user.positions) {
      const token = tokens.find(each => each.mint === mint)
      const depth = depths.get(mint) ?? null
      if (token === undefined || depth === null) continue
      const inputs = this.leavingOf(seen, held, token, time)
      const reason = reasonToLeave(inputs)
      if (reason !== null) this.sell(user, mint, held, depth, inputs, reason, time)
    }
  }

  private leavingOf({ profile }: SeenUser, held: DeskPosition, token: SeenToken, time: TimeMs): Leaving {
    const sold =
      held.creatorShare !== null && token.creatorShare !== null && held.creatorShare - token.creatorShare > INSIDER_SHARE
    return {
      profile,
      price: token.price,
      entry: held.paid / Math.max(1, held.tokens),
      peak: held.peak,
      heldMs: time - held.since,
      range: meanChange(token.closes),
      risk: held.risk,
      insidersLeave: sold,
      mustWait: hasJustBought(this.operator, token.mint, time),
    }
  }

  private sell(
    user: DeskUser,
    mint: string,
    held: DeskPosition,
    depth: Curve,
    inputs: Leaving,
    reason: string,
    time: TimeMs,
  ): void {
    const tokens = Math.min(held.tokens, circulating(depth))
    if (tokens === 0) return
    const before = spotPrice(depth)
    const { lamports, fee } = sellTo(depth, tokens)
    const pnl = lamports - fee - held.paid
    user.lamports += lamports - fee
    user.profit += pnl
    user.positions.delete(mint)
    noteSale(this.operator, mint, time)
    const decision = `${idOf(time, user.key, mint)}:exit`
    const { risk, confidence, since } = held
    this.decisions.push({
      id: decision,
      time,
      user: user.key,
      mint,
      action: 'sell',
      amount: tokens,
      confidence,
      reasons: [reason],
      ...sealed(inputs),
      nodes: canonicalJson([{ node: 'Leave', wrote: { reason }, reasons: [reason] }]),
    })
    const slippage = Math.max(0, Math.floor(before * tokens) - lamports)
    const of = { decision, time, user: user.key, mint, action: 'sell', tokens, lamports: lamports - fee, fee, slippage } as const
    this.fills.push({ ...of, pnl, heldMs: time - since, risk, confidence })
  }

  private record({ user, token, inputs, amount, confidence }: Candidate, action: 'buy' | 'none', first: readonly string[]): void {
    const trace = traceOf(userGraph, inputs, this.ports)
    this.decisions.push({
      id: idOf(inputs.time, user.key, token.mint),
      time: inputs.time,
      user: user.key,
      mint: token.mint,
      action,
      amount,
      confidence,
      reasons: [...first, ...trace.flatMap(({ reasons }) => reasons)].slice(0, 5),
      ...sealed(inputs),
      nodes: canonicalJson(trace),
    })
  }

  private keeperOf(user: DeskUser): GateKeeper {
    return { gate: user.gate, rules: userGateRules, account: user, announce() {} }
  }

  private openOutcomes(tokens: readonly SeenToken[], time: TimeMs, skips: Record<string, number>): void {
    const weights = weightsOf(this.learning)
    for (const token of tokens) {
      if (Math.max(this.outcomes.length, this.scores.length) >= launchLimits.openOutcomes) {
        skips.notLearnt = (skips.notLearnt ?? 0) + 1
        continue
      }
      const entry = this.catalog.get(token.mint)
      const { features, riskScore } = viewOfSeen(token, entry, time)
      const data = dataOfSeen(token, entry, this.learning, time)
      const votes: [number, number] = [2 * data.gain - 1, data.news?.mood ?? 0]
      const score = (weights[0] ?? 0) * votes[0] + (weights[1] ?? 0) * votes[1]
      const of = {
        pair: token.mint,
        price: token.price,
        due: time + this.policy.outcomeMs,
        features,
        votes,
        score,
        of: null,
        time,
      }
      this.outcomes.push({ ...of, confidence: confidenceIn(this.learning.gains, score) })
      const open = {
        mint: token.mint,
        score: riskScore,
        price: token.price,
        due: time + this.policy.horizonMs,
        lowest: token.price,
      }
      this.scores.push(open)
    }
  }

  private mature(time: TimeMs): void {
    const due = this.outcomes.filter(outcome => outcome.due <= time)
    this.outcomes = this.outcomes.filter(outcome => outcome.due > time)
    // Both fees: one of what is paid, one of what is received.
    const gained = (of: OpenOutcome) => ((this.prices.get(of.pair)?.price ?? 0) / of.price) * 0.99 * 0.99 > 1
    learnGains(
      this.learning,
      due.map(of => ({ of, gained: gained(of) })),
    )
    for (const { score, lowest, price } of this.scores.filter(each => each.due <= time))
      learnRisk(this.learning, { score, came: lowest <= price * (1 - this.policy.collapse) })
    this.scores = this.scores.filter(each => each.due > time)
  }
}

/** What the graph of a policy may ask. @throws OperatorError where its rules are wrong. */
export function deskPorts({ rules, minConfidence }: Pick<DeskPolicy, 'rules' | 'minConfidence'>): DecisionPorts {
  return {
    rules: rules === '' ? [] : parseRules(rules, 'rules.csv', ruleFields),
    minConfidence,
    // A desk has no reviewer.
    reviewConfidence: minConfidence,
    confidence: confidenceIn,
  }
}

/** Whether a recorded decision is what its inputs lead to: their digest, and what each node wrote. */
export function isReproduced(
  { action, inputs, inputsDigest, nodes, reasons }: Omit<DeskDecision, 'id'>,
  ports: DecisionPorts,
): boolean {
  if (digestOf(inputs) !== inputsDigest) return false
  const given: unknown = JSON.parse(inputs)
  if (action === 'sell') return reasonToLeave(given as Leaving) === reasons[0]
  return canonicalJson(traceOf(userGraph, given as DecisionInputs, ports)) === nodes
}

function idOf(time: TimeMs, user: string, mint: string): string {
  return `${time}:${user}:${mint}`
}

function sealed(inputs: object): { inputs: string; inputsDigest: string } {
  const text = canonicalJson(inputs)
  return { inputs: text, inputsDigest: digestOf(text) }
}

function digestOf(text: string): string {
  return toHex(sha256(new TextEncoder().encode(text)))
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0)
}
