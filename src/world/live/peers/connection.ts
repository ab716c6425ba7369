/** This process's connection to the others: the transport, the lease on its agents, and the state of both. */

import { createHash } from 'node:crypto'
import { type Swarm, streamsOf, topicNames } from '../../../agents/index.js'
import { TransientError } from '../../../core/index.js'
import type { WallClock } from '../../../feed/index.js'
import { lostElsewhere, type Model, runOf, type TickInput } from '../../../model/index.js'
import type { StoredMessage } from '../../../storage/index.js'
import {
  type Lease,
  type RedisTransport,
  type RedisTransportOptions,
  redisTransport,
  startEpoch,
} from '../../../transport/index.js'
import { controlTopic, stepsTopic } from './admission.js'
import type { AgentsChoice } from './agents-choice.js'
import type { BarStep } from './bar-steps.js'
import { PeerBridge } from './bridge.js'
import type { BusPlan } from './bus-plan.js'
import { Gatekeeping } from './gatekeeping.js'

const claimRetryMs = 1_000

export interface PeerConnectionOptions {
  readonly bus: BusPlan
  readonly scenario: string
  /** Identifies the claim: the same after a restart of the same shard, different for every other shard. */
  readonly holder: string
  readonly agents: AgentsChoice
  readonly clock: WallClock
  readonly onNote: (sentence: string) => void
  /** Called when the claim is lost for good, because another process runs these agents. */
  readonly onLost: (sentence: string) => void
  /** @internal What carries the messages; default: Redis. */
  readonly connect?: ((options: RedisTransportOptions) => PeerTransport) | undefined
}

/** @internal */
export type PeerTransport = Omit<RedisTransport, 'address'>

/** The shard that is connected. */
export interface ConnectedShard {
  readonly model: Swarm
  /** End of the last bar that was a step; 0: there was none. */
  readonly closedUntil: number
}

export class PeerConnection {
  bridge: PeerBridge | undefined
  private transport: PeerTransport | undefined
  private gatekeeping: Gatekeeping | undefined
  private lease: Lease | undefined
  private claims: string[] = []
  private cancelRetry: (() => void) | undefined
  private downSince: number | null = null
  private isClosed = false

  constructor(private readonly options: PeerConnectionOptions) {}

  /** Connects and claims. A claim that is refused throws; one that cannot be made yet is retried until it can. */
  async start(shard: ConnectedShard, unannounced: readonly StoredMessage[]): Promise<void> {
    const { model } = shard
    const gatekeeping = this.gatekeepingOf(shard)
    this.gatekeeping = gatekeeping
    this.transport = this.open(model, gatekeeping, unannounced)
    this.bridge = new PeerBridge(this.transport, {
      remotePairs: remotePairs(model),
      barSteps: gatekeeping.barSteps,
      hasAgent: (from, key) => gatekeeping.hasAgent(from, key),
      connectionInputs: () => this.connectionInputs(),
      refusals: () => gatekeeping.counters(),
    })
    this.claims = this.options.agents.claims(new Map(Object.entries(runOf(model).population.counts())))
    const { message } = await this.transport.start()
    this.options.onNote(message)
    gatekeeping.register?.start()
    await this.claim()
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelRetry?.()
    this.gatekeeping?.register?.close()
    await this.lease?.release()
    await this.transport?.close()
  }

  /**
   * Shards of one run number their bars alike: the highest number that any of them has given to a bar counts. Each shard
   * repeats at every step which agents it has quarantined, so that a shard that joins later assigns them no work either.
   */
  publishStep(barEnd: number, model: Model): void {
    if (this.options.agents.text === undefined) return
    const lost = runOf(model)
      .quarantined.filter(q => q.reason !== lostElsewhere)
      .map(q => q.agent)
    const message: BarStep = { barEnd, step: model.steps, lost }
    this.transport?.publish(stepsTopic, message)
  }

  private gatekeepingOf(shard: ConnectedShard): Gatekeeping {
    const { bus, scenario, agents, clock } = this.options
    return new Gatekeeping({
      model: shard.model,
      scenario,
      agents,
      clock,
      token: bus.token,
      closedUntil: () => shard.closedUntil,
      readClaims: async names => this.transport?.claimants(names) ?? [],
      judgeAgain: () => this.transport?.judgeAgain() ?? 0,
    })
  }

  private open(model: Swarm, gatekeeping: Gatekeeping, unannounced: readonly StoredMessage[]): PeerTransport {
    const { bus, scenario, agents, clock, onNote, connect = redisTransport } = this.options
    const { pairs } = model
    const isSplit = agents.text !== undefined
    const swarmTopics = () => topicNames({ pairs, streams: streamsOf(model.params) }, { inner: true })
    return connect({
      address: bus.address,
      signer: bus.signer,
      name: `${scenario}/${nameOf(agents.text)}`,
      epoch: startEpoch(clock.now(), process.pid),
      topics: isSplit ? [...swarmTopics(), stepsTopic] : [controlTopic],
      clock,
      prefix: `mycelia:${scenario}:`,
      unannounced,
      admission: gatekeeping.admission,
      check: (topic, data) => gatekeeping.problem(topic, data),
      onAccepted: (topic, data) => gatekeeping.note(topic, data),
      onNotice: onNote,
    })
  }

  private async claim(): Promise<void> {
    const { holder, onLost, onNote } = this.options
    try {
      this.lease = await this.transport?.claim(this.claims, {
        holder,
        shown: `process ${process.pid} (${holder})`,
        onChange: (state, sentence) => {
          onNote(sentence)
          if (state === 'lost') onLost(sentence)
        },
      })
      if (this.isClosed) await this.lease?.release()
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      this.retryClaim()
    }
  }

  private retryClaim(): void {
    const { clock, onLost } = this.options
    this.cancelRetry = clock.setTimer(claimRetryMs, () => {
      if (!this.isClosed) this.claim().catch(refused => onLost(refused instanceof Error ? refused.message : String(refused)))
    })
  }

  /** Entries are allowed only while connected, and while no other process can have this shard's agents. */
  private connectionInputs(): TickInput[] {
    const isOffline = this.transport?.state(controlTopic).doubt === 'offline'
    const isUp = !isOffline && this.lease?.isHeld === true
    if (isUp === (this.downSince === null)) return []
    this.downSince = isUp ? null : this.options.clock.now()
    return [{ kind: 'link', since: this.downSince } as TickInput]
  }
}

/** Pairs whose miner works in another process. */
function remotePairs({ pairs, miners }: Swarm): string[] {
  return pairs.filter((_, i) => miners.at(i)?.idle !== false)
}

/** The same for the same agents, and short enough for a name. */
function nameOf(agents = 'all'): string {
  return agents.length <= 100
    ? agents
    : `${agents.slice(0, 80)}…${createHash('sha256').update(agents).digest('hex').slice(0, 16)}`
}
