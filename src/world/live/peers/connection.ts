/** This process's connection to the others: the transport, the lease on its agents, and the state of both. */

import { createHash } from 'node:crypto'
import { type Swarm, topicNames } from '../../../agents/index.js'
import { TransientError } from '../../../core/index.js'
import type { WallClock } from '../../../feed/index.js'
import { lostElsewhere, runOf, type TickInput } from '../../../model/index.js'
import type { StoredMessage } from '../../../storage/index.js'
import { type Lease, type RedisAddress, type RedisTransport, redisTransport, startEpoch } from '../../../transport/index.js'
import type { AgentsChoice } from './agents-choice.js'
import { type BarStep, barStepProblem, checkMessage, PeerBridge } from './bridge.js'
import { knownTo } from './message-check.js'

/** On this topic shards publish the step number of a bar. */
const stepsTopic = 'bar-steps'
const claimRetryMs = 1_000

export interface PeerConnectionOptions {
  readonly address: RedisAddress
  readonly scenario: string
  /** Identifies the claim: the same after a restart of the same shard, different for every other shard. */
  readonly holder: string
  readonly agents: AgentsChoice
  readonly clock: WallClock
  readonly onNote: (sentence: string) => void
  /** Called when the claim is lost for good, because another process runs these agents. */
  readonly onLost: (sentence: string) => void
}

export class PeerConnection {
  bridge: PeerBridge | undefined
  private transport: RedisTransport | undefined
  private lease: Lease | undefined
  private claims: string[] = []
  private cancelRetry: (() => void) | undefined
  private downSince: number | null = null
  private isClosed = false

  constructor(private readonly options: PeerConnectionOptions) {}

  /** Connects and claims. A claim that is refused throws; one that cannot be made yet is retried until it can. */
  async start(model: Swarm, unannounced: readonly StoredMessage[]): Promise<void> {
    this.transport = this.open(model, unannounced)
    this.bridge = new PeerBridge(this.transport, {
      stepsTopic,
      remotePairs: remotePairs(model),
      barMs: model.barMs,
      agents: new Set(model.agents.map(agent => agent.key)),
      connectionInputs: () => this.connectionInputs(),
    })
    this.claims = this.options.agents.claims(new Map(Object.entries(runOf(model).population.counts())))
    const { message } = await this.transport.start()
    this.options.onNote(message)
    await this.claim()
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelRetry?.()
    await this.lease?.release()
    await this.transport?.close()
  }

  /**
   * Shards of one run number their bars alike: the highest number that any of them has given to a bar counts. Each shard
   * repeats at every step which agents it has quarantined, so that a shard that joins later assigns them no work either.
   */
  publishStep(barEnd: number, model: Swarm): void {
    if (this.options.agents.text === undefined) return
    const lost = runOf(model)
      .quarantined.filter(q => q.reason !== lostElsewhere)
      .map(q => q.agent)
    const message: BarStep = { barEnd, step: model.steps, lost }
    this.transport?.publish(stepsTopic, message)
  }

  private open(model: Swarm, unannounced: readonly StoredMessage[]): RedisTransport {
    const { address, scenario, agents, clock, onNote } = this.options
    const { pairs } = model
    const isSplit = agents.text !== undefined
    const swarmTopics = () => topicNames({ pairs, streams: model.params.streams }, { inner: true })
    const known = knownTo(model)
    return redisTransport({
      address,
      name: `${scenario}/${nameOf(agents.text)}`,
      epoch: startEpoch(clock.now(), process.pid),
      topics: isSplit ? [...swarmTopics(), stepsTopic] : ['system-control'],
      clock,
      prefix: `mycelia:${scenario}:`,
      unannounced,
      check: (topic, data) => (topic === stepsTopic ? barStepProblem(data) : checkMessage(topic, data, known)),
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
    const isOffline = this.transport?.state('system-control').doubt === 'offline'
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
