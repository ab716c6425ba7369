/**
 * The agents of a run, as messages number them. Every shard has the same agents from the start; those deployed since are the Builder's, and
 * only its shard knows them.
 */

import { Analyst, type Swarm } from '../../../agents/index.js'
import { type Agent, runOf } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import type { AgentsChoice } from './agents-choice.js'

/** Who speaks in a message. */
export interface Speaker {
  /** Undefined: an agent deployed elsewhere. */
  readonly key: string | undefined
  /** Analysts of every class count as `TechnicalAnalysis`. */
  readonly type: string
  /** The name under which its process has claimed it. */
  readonly claim: string
  /** It lives in this process. */
  readonly isLocal: boolean
}

const analysts = 'TechnicalAnalysis'
const deployer = 'Builder-0'

export class AgentIds {
  private readonly speakers = new Map<number, Speaker>()
  private readonly keys = new Set<string>()
  private readonly claimed = new Set<string>()
  private readonly born: number
  private readonly deployed: Speaker
  private readonly analystKey: RegExp

  constructor(model: Swarm, choice: Pick<AgentsChoice, 'isLocal'>) {
    const { population, agents = {} } = runOf(model)
    this.born = population.born
    this.deployed = {
      key: undefined,
      type: analysts,
      claim: deployer,
      isLocal: choice.isLocal({ type: analysts, ordinal: 0 }),
    }
    for (const agent of population) this.add(agent, choice)
    const [name = analysts] = Object.entries(agents).find(([, type]) => type === model.analystType) ?? []
    this.analystKey = new RegExp(`^${name}-\\d{1,9}$`)
  }

  /** Undefined for a number that no agent can have. */
  find(id: unknown): Speaker | undefined {
    const speaker = this.speakers.get(id as number)
    if (speaker !== undefined || !Number.isSafeInteger(id)) return speaker
    const n = id as number
    return n > this.born && n <= this.born + liveLimits.deployedAgents ? this.deployed : undefined
  }

  /** The names under which the run's processes claim their agents. */
  get claims(): readonly string[] {
    return [...this.claimed]
  }

  /** Whether the key is a name that a process claims. */
  hasClaim(key: string): boolean {
    return this.claimed.has(key)
  }

  /** True for the key of an agent of the run; of those deployed elsewhere, for any that one could have. */
  isKey(key: unknown): boolean {
    return typeof key === 'string' && (this.keys.has(key) || this.analystKey.test(key))
  }

  /** Whether the key is the speaker's own, as far as this process can tell. */
  isKeyOf(speaker: Speaker, key: unknown): boolean {
    return speaker.key === undefined ? typeof key === 'string' && this.analystKey.test(key) : key === speaker.key
  }

  private add(agent: Agent, choice: Pick<AgentsChoice, 'isLocal'>): void {
    const { id, key, ordinal } = agent
    const type = agent instanceof Analyst ? analysts : agent.type
    const claim = type === analysts ? deployer : `${type}-${ordinal}`
    this.speakers.set(id, { key, type, claim, isLocal: choice.isLocal({ type, ordinal }) })
    this.keys.add(key)
    this.claimed.add(claim)
  }
}
