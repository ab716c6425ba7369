/** RiskManagement (HAVEN): watches drawdown and contagion, takes the operator's orders, and announces every halt. */

import type { TimeMs } from '../../core/index.js'
import { Agent } from '../../model/index.js'
import {
  endPairLocks,
  endRiskLock,
  type Halt,
  isGateLock,
  LeadingPolicies,
  type Limits,
  lockPair,
  Marks,
  newRisk,
  operatorHalt,
  type PolicyChange,
  type PortfolioMarks,
  portfolioNames,
  type Risk,
  resetDrawdown,
  riskOnContagion,
  riskOnEquity,
  SystemControl,
} from '../../trading/index.js'
import type { OperatorCommand } from './operator.js'
import type { SwarmModel } from './ports.js'
import { ConsensusPolicies } from './topics.js'

export class RiskManagement extends Agent<SwarmModel> {
  risk: Risk = this.newRisk()
  /** Learner → its leading policy. */
  policies = new Map<string, string>()
  followers = new Map<string, number>()
  marks: PortfolioMarks | null = null
  /** Locks of the portfolios' gates that are in force, by id. */
  gateLocks = new Map<string, Halt>()

  wire(): void {
    this.on(Marks, marks => {
      this.marks = marks
    })
    this.on(LeadingPolicies, this.leads)
    this.on(SystemControl, this.hears)
  }

  step(): void {
    const { model, risk, marks } = this
    // Every portfolio is judged every bar: without marks of this step its loss cannot be computed.
    const fresh = marks !== null && marks.step === model.steps ? marks : null
    const announce = (halt: Halt) => this.announce(halt)
    const now = { step: model.steps, time: model.now }
    for (const portfolio of portfolioNames)
      riskOnEquity(risk, { portfolio, equityE6: fresh?.equityE6[portfolio] ?? Number.NaN, ...now }, announce)
    this.judgeContagion(announce)
  }

  command(command: OperatorCommand): void {
    if (command.do === 'unlock') return this.unlock(command)
    if (command.do !== 'halt' && command.do !== 'resume') return
    const { do: what, reason } = command
    const { risk, marks } = this
    const time = this.model.now
    const announce = (halt: Halt) => this.announce(halt)
    operatorHalt(risk, { on: what === 'halt', time, reason }, announce)
    if (what !== 'resume') return
    for (const portfolio of portfolioNames)
      resetDrawdown(risk, { portfolio, equityE6: marks?.equityE6[portfolio] ?? Number.NaN, time, reason }, announce)
  }

  /** Locks a pair for entries, until an instant or until an operator ends it. */
  lockPair(pair: string, until: TimeMs | null, reason: string): Halt {
    if (until !== null) this.at(until, 'endPairLocks')
    return lockPair(this.risk, { pair, until, time: this.model.now, reason }, halt => this.announce(halt))
  }

  endPairLocks(): void {
    endPairLocks(this.risk, this.model.now, halt => this.announce(halt))
  }

  setLimits({ maxDrawdown = 1 }: Limits): void {
    this.risk.settings = { ...this.risk.settings, maxDrawdown }
  }

  /** Starts again in a new market: peaks and halts are fresh; the learners' leading policies remain. */
  reopen(): void {
    this.risk = this.newRisk()
    this.marks = null
    this.gateLocks.clear()
  }

  /** Where no profile limits the drawdown, entries stop when everything is lost. */
  private newRisk(): Risk {
    const { params, limits } = this.model
    return newRisk({ ...params, maxDrawdown: limits.maxDrawdown ?? 1 })
  }

  /** The portfolio whose gate it is takes the end of a lock from the announcement. */
  private unlock({ id, reason }: OperatorCommand & { do: 'unlock' }): void {
    const time = this.model.now
    const lock = this.gateLocks.get(id)
    if (lock !== undefined) return this.announce({ ...lock, on: false, time, reason })
    const unknown = { baseline: Number.NaN, mycelial: Number.NaN, synthesized: Number.NaN }
    const was = this.risk.contagion !== null
    endRiskLock(this.risk, { id, equityE6: this.marks?.equityE6 ?? unknown, time, reason }, halt => this.announce(halt))
    if (was && this.risk.contagion === null) this.publish(ConsensusPolicies, { policy: null })
  }

  private hears(lock: Halt): void {
    if (!lock.on) this.gateLocks.delete(lock.id)
    else if (isGateLock(lock)) this.gateLocks.set(lock.id, lock)
  }

  private leads({ learner, policy }: PolicyChange): void {
    const before = this.policies.get(learner)
    if (before !== undefined) this.count(before, -1)
    if (policy === null) this.policies.delete(learner)
    else {
      this.policies.set(learner, policy)
      this.count(policy, 1)
    }
  }

  private count(policy: string, change: 1 | -1): void {
    const n = (this.followers.get(policy) ?? 0) + change
    if (n === 0) this.followers.delete(policy)
    else this.followers.set(policy, n)
  }

  /** Publishes the commonest policy every bar while contagion lasts, so that its followers re-draw. */
  private judgeContagion(announce: (halt: Halt) => void): void {
    const { model, risk } = this
    let policy: string | null = null
    let most = 0
    for (const [name, n] of this.followers) {
      if (n <= most) continue
      most = n
      policy = name
    }
    const was = risk.contagion !== null
    const share = most / model.financeOrdinals.length
    riskOnContagion(risk, { share, leaders: this.policies.size, time: model.now }, announce)
    const is = risk.contagion !== null
    if (is) this.publish(ConsensusPolicies, { policy })
    else if (was) this.publish(ConsensusPolicies, { policy: null })
  }

  private announce(halt: Halt): void {
    this.publish(SystemControl, halt)
  }
}
