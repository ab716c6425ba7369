/** This process among others: its connection, its claim on its agents, and whether both can be trusted now. */

import { createHash } from 'node:crypto'
import { type Swarm, topicNames } from '../../../agents/index.js'
import { TransientError } from '../../../core/index.js'
import type { WallClock } from '../../../feed/index.js'
import { lostElsewhere, runOf, type TickInput } from '../../../model/index.js'
import type { StoredMessage } from '../../../storage/index.js'
import { type Lease, type RedisTransport, redisTransport, startEpoch } from '../../../transport/index.js'
import type { AgentsChoice } from '../engine/agents-choice.js'
import type { LiveRequest } from '../engine/request.js'
import { knownTo } from './message-check.js'
import { type BarStep, barStepProblem, checkMessage, Remote } from './remote.js'

/** The topic parts tell each other on which step a bar is. */
const stepsTopic = 'bar-steps'
const claimAgainMs = 1_000

export interface LinkOptions {
  readonly asked: LiveRequest
  readonly scenario: string
  readonly holder: string
  readonly choice: AgentsChoice
  readonly clock: WallClock
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Called when the claim is lost for good: somebody else runs these agents. */
  readonly onLost: (sentence: string) => void
}

export class Link {
  remote: Remote | undefined
  private transport: RedisTransport | undefined
  private lease: Lease | undefined
  private claims: string[] = []
  private cancelClaim: (() => void) | undefined
  private downSince: number | null = null
  private isClosed = false

  constructor(private readonly options: LinkOptions) {}

  /** Whether there is to be a link at all. */
  static isWanted(asked: LiveRequest, environment: Readonly<Record<string, string | undefined>>): boolean {
    if (asked.redis !== undefined || asked.agents !== undefined || asked.instead?.transport !== undefined) return true
    return Boolean(environment.REDIS_URL || environment.REDIS_HOST)
  }

  /** Connects and claims. A claim that is refused throws; one that cannot be made yet is tried until it can. */
  async start(model: Swarm, unannounced: readonly StoredMessage[]): Promise<void> {
    const { asked, scenario, choice, clock, environment } = this.options
    const { pairs } = model
    const streams = model.params.streams
    const split = choice.text !== undefined
    const topics = split ? [...topicNames({ pairs, streams }, { inner: true }), stepsTopic] : ['system-control']
    const known = knownTo(model)
    const make = asked.instead?.transport ?? redisTransport
    this.transport = make({
      name: `${scenario}/${nameOf(choice.text)}`,
      epoch: startEpoch(clock.now(), process.pid),
      topics,
      clock,
      environment,
      ...(asked.redis === undefined ? {} : { url: asked.redis }),
      prefix: `mycelia:${scenario}:`,
      unannounced,
      check: (topic, data) => (topic === stepsTopic ? barStepProblem(data) : checkMessage(topic, data, known)),
      onNotice: sentence => asked.onNote?.(sentence),
    })
    this.remote = new Remote(this.transport, {
      stepsTopic,
      remotePairs: remotePairs(model),
      barMs: model.barMs,
      agents: new Set(model.agents.map(agent => agent.key)),
      link: () => this.linkInput(),
    })
    this.claims = choice.claims(new Map(Object.entries(runOf(model).population.counts())))
    const { message } = await this.transport.start()
    asked.onNote?.(message)
    await this.claim()
  }

  async close(): Promise<void> {
    this.isClosed = true
    this.cancelClaim?.()
    await this.lease?.release()
    await this.transport?.close()
  }

  /**
   * Parts of one run number their bars alike: the highest number any of them has given a bar counts. Whom this part has
   * quarantined is said again at every step, so that the others deal nothing to them, whenever they began to listen.
   */
  tellStep(barEnd: number, model: Swarm): void {
    if (this.options.choice.text === undefined) return
    const lost = runOf(model)
      .quarantined.filter(q => q.reason !== lostElsewhere)
      .map(q => q.agent)
    const said: BarStep = { barEnd, step: model.steps, lost }
    this.transport?.publish(stepsTopic, said)
  }

  private async claim(): Promise<void> {
    const { holder, clock, onLost, asked } = this.options
    try {
      this.lease = await this.transport?.claim(this.claims, {
        holder,
        shown: `process ${process.pid} (${holder})`,
        onChange: (state, sentence) => {
          asked.onNote?.(sentence)
          if (state === 'lost') onLost(sentence)
        },
      })
      if (this.isClosed) await this.lease?.release()
    } catch (error) {
      if (!(error instanceof TransientError)) throw error
      this.cancelClaim = clock.setTimer(claimAgainMs, () => {
        if (!this.isClosed) this.claim().catch(refused => onLost(refused instanceof Error ? refused.message : String(refused)))
      })
    }
  }

  /** A change in whether entries may be made: only while connected, and while nobody else can have our agents. */
  private linkInput(): TickInput[] {
    const offline = this.transport?.state('system-control').doubt === 'offline'
    const isUp = !offline && this.lease?.isHeld === true
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
