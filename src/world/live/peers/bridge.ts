/**
 * The bridge carries messages between this shard's model and the other shards. What the shard's agents publish leaves after
 * its commit; what others publish comes in as inputs of a later tick.
 */

import type { Bar } from '../../../market/index.js'
import type { RemoteInput, TickInput } from '../../../model/index.js'
import type { MessageInput, Outgoing, Transport } from '../../../transport/index.js'
import { liveLimits } from '../limits.js'
import { commandInput, type OperatorCommand, parseCommand } from '../operator-command.js'
import { controlTopic, stepsTopic } from './admission.js'
import type { BarStep, BarSteps } from './bar-steps.js'
import { fromWire, toWire } from './wire-value.js'

/** A message that other shards should receive. */
export interface Published {
  readonly topic: string
  readonly agent: number
  readonly message: unknown
}

export interface PeerBridgeOptions {
  /** Pairs whose bars come from another shard. */
  readonly remotePairs: readonly string[]
  readonly barSteps: BarSteps
  /** Whether a publisher may report an agent, by its key, as quarantined. Agents deployed later are known to their own shard alone. */
  readonly hasAgent: (from: string, key: string) => boolean
  /** Inputs about the connection itself. */
  readonly connectionInputs: () => TickInput[]
  /** What was refused, and why. */
  readonly refusals?: () => Readonly<Record<string, number>>
}

export class PeerBridge {
  private readonly counts = { commands: 0, messages: 0 }
  /** End of each pair's last received bar. */
  private readonly barEnds = new Map<string, number>()
  /** Pairs whose bars may be missing, and since when. */
  private readonly staleSince = new Map<string, number>()
  /** Agents that other shards have quarantined. */
  private readonly lost = new Set<string>()

  constructor(
    readonly transport: Transport,
    private readonly options: PeerBridgeOptions,
  ) {}

  get counters(): Readonly<Record<string, number>> {
    return { ...this.counts, unlikelySteps: this.options.barSteps.unlikely, ...this.options.refusals?.() }
  }

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

  /** While no tick runs, only commands are taken; what else arrives waits in the transport, which counts what it has no room for. */
  takeCommands(): OperatorCommand[] {
    return this.transport.takeProven().flatMap(({ data }) => this.commandIn((data as { command?: unknown }).command))
  }

  /** True when the bar of a remote pair has arrived, or cannot be expected. */
  barFinal(pair: string, barEnd: number): boolean {
    const last = this.barEnds.get(pair)
    return last === undefined || last >= barEnd || this.staleSince.has(pair)
  }

  /** As {@link BarSteps.stepOf}. */
  stepOf(barEnd: number): number | undefined {
    return this.options.barSteps.stepOf(barEnd)
  }

  private inputsOf({ topic, from, data }: MessageInput): TickInput[] {
    if (topic === stepsTopic) return this.barStepInputs(from, data as BarStep)
    const { agent, message, command } = data as { agent: number; message: unknown; command?: unknown }
    if (command !== undefined) return topic === controlTopic ? this.commandIn(command).map(commandInput) : []
    this.counts.messages++
    const input: RemoteInput = { kind: 'remote', topic, agent, message: fromWire(message) }
    if (topic.startsWith('market-data:')) this.noteBar(input.message as Bar)
    return [input]
  }

  private commandIn(given: unknown): OperatorCommand[] {
    const command = parseCommand(given)
    if (command === undefined) return []
    this.counts.commands++
    return [command]
  }

  private noteBar({ pair, time, barMs }: Bar): void {
    this.barEnds.set(pair, Math.max(this.barEnds.get(pair) ?? 0, time + barMs))
  }

  private barStepInputs(from: string, report: BarStep): TickInput[] {
    this.options.barSteps.note(from, report)
    const agents = report.lost.filter(agent => this.options.hasAgent(from, agent) && !this.lost.has(agent))
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
