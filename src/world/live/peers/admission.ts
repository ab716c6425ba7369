/**
 * Whom a shard listens to: processes that have claimed agents in Redis, each for its own agents and nobody else's, and an operator with a
 * proof. Whatever a stranger sends changes a counter.
 */

import { type Admission, type Envelope, linkChannel, type Standing } from '../../../transport/index.js'
import { liveLimits } from '../limits.js'
import type { CommandGate } from '../operator-proof.js'
import type { AgentIds } from './agent-ids.js'
import type { ClaimRegister } from './claim-register.js'

/** Commands travel on this topic. */
export const controlTopic = 'system-control'
/** On this topic shards publish the step number of a bar. */
export const stepsTopic = 'bar-steps'

export interface PeerAdmissionOptions {
  readonly ids: AgentIds
  /** Undefined: the run is not split, so that nobody else speaks for any of its agents. */
  readonly register: ClaimRegister | undefined
  readonly gate: CommandGate
  readonly clock: { now(): number; monotonic(): number }
}

export class PeerAdmission implements Admission {
  readonly counters = { strangers: 0, strangersForgotten: 0 }
  /** Senders without a claim, and since when: their claim may be on its way. Oldest first. */
  private readonly strangers = new Map<string, number>()

  constructor(private readonly options: PeerAdmissionOptions) {}

  judge(envelope: Envelope, heard: string | undefined): Standing {
    const { topic, from, epoch, t, data } = envelope
    const { register, gate, clock } = this.options
    if (t > clock.now() + liveLimits.aheadMs) return 'time'
    if (isCommand(envelope)) return topic === controlTopic && gate.take(data) ? 'guest' : 'command'
    if (register === undefined) return 'sender'
    // A start that was heard before counts until the next one is heard: its last messages may be on their way.
    if (epoch !== heard && !register.isClaimant(envelope)) return this.stranger(`${from}\n${epoch}`)
    if (topic === linkChannel || topic === stepsTopic) return 'publisher'
    return this.speaksFor(from, data) ? 'publisher' : 'agent'
  }

  wanted(): void {
    this.options.register?.wanted()
  }

  private speaksFor(from: string, data: unknown): boolean {
    const { ids, register } = this.options
    const speaker = ids.find((data as { agent?: unknown } | null)?.agent)
    if (speaker === undefined || speaker.isLocal || register === undefined) return false
    if (register.holderOf(speaker.claim) === from) return true
    register.wanted()
    return false
  }

  private stranger(start: string): Standing {
    const now = this.options.clock.monotonic()
    const since = this.strangers.get(start)
    if (since !== undefined) return now - since < liveLimits.claimMs ? 'unknown' : 'sender'
    this.counters.strangers++
    if (this.strangers.size >= liveLimits.strangers) this.forgetOldest()
    this.strangers.set(start, now)
    return 'unknown'
  }

  private forgetOldest(): void {
    const [oldest] = this.strangers.keys()
    if (oldest === undefined) return
    this.strangers.delete(oldest)
    this.counters.strangersForgotten++
  }
}

function isCommand({ topic, data }: Envelope): boolean {
  return topic !== linkChannel && typeof data === 'object' && data !== null && 'command' in data
}
