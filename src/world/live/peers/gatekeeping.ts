/** What a shard asks of everything that arrives, put together: whose it is, what it says, and whether both can be. */

import type { Swarm } from '../../../agents/index.js'
import type { WallClock } from '../../../feed/index.js'
import type { Claimant, Signer } from '../../../transport/index.js'
import { parseCommand } from '../operator-command.js'
import { CommandGate } from '../operator-proof.js'
import { controlTopic, PeerAdmission, stepsTopic } from './admission.js'
import { AgentIds } from './agent-ids.js'
import type { AgentsChoice } from './agents-choice.js'
import { BarSteps, barStepProblem } from './bar-steps.js'
import { ClaimRegister } from './claim-register.js'
import { knownTo, MessageCheck } from './message-check.js'

export interface GatekeepingOptions {
  readonly model: Swarm
  readonly scenario: string
  readonly agents: AgentsChoice
  readonly clock: WallClock
  readonly token: Signer | undefined
  /** End of this shard's last bar that was a step; 0: there was none. */
  readonly closedUntil: () => number
  readonly readClaims: (names: readonly string[]) => Promise<readonly (Claimant | undefined)[]>
  /** Judges what waits again; returns how many messages still wait. */
  readonly judgeAgain: () => number
}

export class Gatekeeping {
  readonly barSteps: BarSteps
  readonly admission: PeerAdmission
  /** Undefined where the run is not split. */
  readonly register: ClaimRegister | undefined
  private readonly ids: AgentIds
  private readonly gate: CommandGate
  private readonly messages: MessageCheck

  constructor(private readonly options: GatekeepingOptions) {
    const { model, scenario, agents, clock, token, closedUntil, readClaims, judgeAgain } = options
    const now = () => clock.now()
    this.ids = new AgentIds(model, agents)
    const begun = now() - (now() % model.barMs)
    this.barSteps = new BarSteps(model.barMs, () => ({ step: model.steps, barEnd: closedUntil() || begun }))
    this.gate = new CommandGate({ token, scenario, now })
    this.register =
      agents.text === undefined
        ? undefined
        : new ClaimRegister({ names: this.ids.claims, read: readClaims, clock, onRead: () => judgeAgain() > 0 })
    this.admission = new PeerAdmission({ ids: this.ids, register: this.register, gate: this.gate, clock })
    this.messages = new MessageCheck(this.ids, knownTo(model, { ids: this.ids, now, step: () => this.latestStep() }))
  }

  /** Why a message is refused by what it says; undefined where it is accepted. */
  problem(topic: string, data: unknown): string | undefined {
    const { model, clock } = this.options
    if (topic === stepsTopic) {
      return barStepProblem(data, { now: clock.now(), barMs: model.barMs, isAgent: key => this.ids.isKey(key) })
    }
    if (!isCommand(topic, data)) return this.messages.problem(topic, data)
    return parseCommand(data.command) === undefined ? 'command' : undefined
  }

  /** A message was accepted. */
  note(topic: string, data: unknown): void {
    if (topic !== stepsTopic && !isCommand(topic, data)) this.messages.note(topic, data)
  }

  /** Whether a publisher has claimed the agent of a key. */
  hasAgent(from: string, key: string): boolean {
    return this.ids.hasClaim(key) && this.register?.holderOf(key) === from
  }

  /** What was refused here, and what became of claims. */
  counters(): Readonly<Record<string, number>> {
    return { ...this.messages.counters, ...this.gate.counters, ...this.admission.counters, ...this.register?.counters }
  }

  /** The highest number of the present step that is known. */
  private latestStep(): number | undefined {
    const { model, clock } = this.options
    const elsewhere = this.barSteps.stepOf(clock.now())
    const known = Math.max(model.steps, elsewhere ?? 0)
    return known > 0 ? known : undefined
  }
}

function isCommand(topic: string, data: unknown): data is { readonly command: unknown } {
  return topic === controlTopic && typeof data === 'object' && data !== null && 'command' in data
}
