/**
 * The bridge carries messages between this shard's model and the other shards. What the shard's agents publish leaves after
 * its commit; what others publish comes in as inputs of a later tick.
 */

import { swarmTopics } from '../../../agents/index.js'
import type { Known } from '../../../bus/index.js'
import type { Bar } from '../../../market/index.js'
import type { RemoteInput, TickInput } from '../../../model/index.js'
import type { MessageInput, Outgoing, Transport } from '../../../transport/index.js'
import { liveLimits } from '../limits.js'
import { parseCommand } from '../operator-command.js'
import { messageProblem } from './message-check.js'
import { fromWire, toWire } from './wire-value.js'

/** A message that other shards should receive. */
export interface Published {
  readonly topic: string
  readonly agent: number
  readonly message: unknown
}

export interface PeerBridgeOptions {
  readonly stepsTopic: string
  /** Pairs whose bars come from another shard. */
  readonly remotePairs: readonly string[]
  readonly barMs: number
  /** Keys of the agents that other shards may report as quarantined. Agents deployed later are known to their own shard alone. */
  readonly agents: ReadonlySet<string>
  /** Inputs about the connection itself. */
  readonly connectionInputs: () => TickInput[]
}

/** What shards report to each other at every step: the number of a bar, and the agents they have quarantined. */
export interface BarStep {
  readonly barEnd: number
  readonly step: number
  readonly lost: readonly string[]
}

export class PeerBridge {
  readonly counters = { commands: 0, messages: 0 }
  /** End of each pair's last received bar. */
  private readonly barEnds = new Map<string, number>()
  /** Pairs whose bars may be missing, and since when. */
  private readonly staleSince = new Map<string, number>()
  /** Agents that other shards have quarantined. */
  private readonly lost = new Set<string>()
  /** The highest difference of step number and bar number that any shard has reported. */
  private stepOffset = Number.NEGATIVE_INFINITY

  constructor(
    readonly transport: Transport,
    private readonly options: PeerBridgeOptions,
  ) {}

  stamp(published: readonly Published[]): Outgoing[] {
    return published.flatMap(({ topic, agent, message }) => {
      return this.transport.stamp(topic, { agent, message: toWire(message) }) ?? []
    })
  }

  send(messages: readonly Outgoing[]): void {
    if (messages.length > 0) this.transport.send(messages)
  }

  get isBehind(): boolean {
    return this.transport.waiting > 0
  }

  take(now: number): TickInput[] {
    const received = this.transport.take(liveLimits.messagesPerTick).flatMap(message => this.inputsOf(message))
    return [...this.options.connectionInputs(), ...this.staleInputs(now), ...received]
  }

  /** True when the bar of a remote pair has arrived, or cannot be expected. */
  barFinal(pair: string, barEnd: number): boolean {
    const last = this.barEnds.get(pair)
    return last === undefined || last >= barEnd || this.staleSince.has(pair)
  }

  /** The step that other shards give to the bar that ends there; undefined: none has reported one. */
  stepOf(barEnd: number): number | undefined {
    return Number.isFinite(this.stepOffset) ? Math.round(barEnd / this.options.barMs) + this.stepOffset : undefined
  }

  private inputsOf({ topic, data }: MessageInput): TickInput[] {
    if (topic === this.options.stepsTopic) return this.barStepInputs(data as BarStep)
    const command = topic === 'system-control' ? parseCommand((data as { command?: unknown }).command) : undefined
    if (command !== undefined) {
      this.counters.commands++
      return [{ kind: 'operator', command } as TickInput]
    }
    const { agent, message } = data as { agent: number; message: unknown }
    this.counters.messages++
    const input: RemoteInput = { kind: 'remote', topic, agent, message: fromWire(message) }
    if (topic.startsWith('market-data:')) this.noteBar(input.message as Bar)
    return [input]
  }

  private noteBar({ pair, time, barMs }: Bar): void {
    this.barEnds.set(pair, Math.max(this.barEnds.get(pair) ?? 0, time + barMs))
  }

  private barStepInputs({ barEnd, step, lost }: BarStep): TickInput[] {
    this.stepOffset = Math.max(this.stepOffset, step - Math.round(barEnd / this.options.barMs))
    const agents = lost.filter(agent => this.options.agents.has(agent) && !this.lost.has(agent))
    for (const agent of agents) this.lost.add(agent)
    return agents.length === 0 ? [] : [{ kind: 'lost', agents } as TickInput]
  }

  /** A pair whose bars may be missing is stale until its topic is complete again. */
  private staleInputs(now: number): TickInput[] {
    return this.options.remotePairs.flatMap((pair): TickInput[] => {
      const { fresh, staleSince } = this.transport.state(`market-data:${pair}`)
      if (fresh !== this.staleSince.has(pair)) return []
      if (fresh) this.staleSince.delete(pair)
      else this.staleSince.set(pair, staleSince ?? now)
      return [{ kind: 'stale', pair, since: this.staleSince.get(pair) ?? null } as TickInput]
    })
  }
}

/** For the transport: why a message's data is refused; undefined where it is accepted. */
export function checkMessage(topic: string, data: unknown, known: Known): string | undefined {
  if (typeof data !== 'object' || data === null) return 'no object'
  if ('command' in data) return parseCommand((data as { command: unknown }).command) === undefined ? 'no command' : undefined
  const { agent, message } = data as { agent?: unknown; message?: unknown }
  if (!Number.isSafeInteger(agent) || (agent as number) < 0) return 'no agent'
  if (swarmTopics.find(topic) === undefined) return 'no topic of the swarm'
  return messageProblem(topic, fromWire(message), known)
}

/** As {@link checkMessage}, for a `BarStep`. */
export function barStepProblem(data: unknown): string | undefined {
  const { barEnd, step, lost } = (data ?? {}) as Record<string, unknown>
  if (!Number.isSafeInteger(barEnd) || !Number.isSafeInteger(step)) return 'no bar and step'
  return Array.isArray(lost) && lost.every(agent => typeof agent === 'string') ? undefined : 'no list of agents'
}
