/** The bridge to other processes: what local agents publish goes out after its commit, what others say comes in as inputs. */

import { type RemoteMessage, swarmTopics } from '../../agents/index.js'
import type { Known } from '../../bus/index.js'
import type { Bar } from '../../market/index.js'
import type { TickInput } from '../../model/index.js'
import type { MessageInput, Outgoing, Transport } from '../../transport/index.js'
import { commandIn } from './control.js'
import { liveLimits } from './limits.js'
import { messageProblem } from './message-check.js'
import type { Announcer } from './part.js'
import type { Published } from './tick-facts.js'
import { fromWire, toWire } from './wire-value.js'

export interface RemoteOptions {
  readonly stepsTopic: string
  /** Pairs whose bars come from another process. */
  readonly remotePairs: readonly string[]
  readonly barMs: number
  /** Keys of the agents other parts may have quarantined; whom a part deploys later is its own affair. */
  readonly agents: ReadonlySet<string>
  /** Inputs about the link itself. */
  readonly link: () => TickInput[]
}

/** What parts of a run tell each other at every step: the number they gave which bar, and whom they have quarantined. */
export interface BarStep {
  readonly barEnd: number
  readonly step: number
  readonly lost: readonly string[]
}

export class Remote implements Announcer {
  readonly counters = { commands: 0, messages: 0 }
  /** End of the last bar heard of each pair. */
  private readonly barEnds = new Map<string, number>()
  private readonly doubtSince = new Map<string, number>()
  /** Agents other parts have quarantined. */
  private readonly lost = new Set<string>()
  private offset = Number.NEGATIVE_INFINITY

  constructor(
    readonly transport: Transport,
    private readonly options: RemoteOptions,
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
    const heard = this.transport.take(liveLimits.messagesPerTick).flatMap(message => this.inputOf(message))
    return [...this.options.link(), ...this.doubts(now), ...heard]
  }

  /** True when the bar of a pair mined elsewhere is here, or cannot be expected. */
  barFinal(pair: string, barEnd: number): boolean {
    const last = this.barEnds.get(pair)
    return last === undefined || last >= barEnd || this.doubtSince.has(pair)
  }

  get remotePairs(): readonly string[] {
    return this.options.remotePairs
  }

  /** The step other parts give the bar that ends there; undefined: they have said nothing. */
  stepOf(barEnd: number): number | undefined {
    return Number.isFinite(this.offset) ? Math.round(barEnd / this.options.barMs) + this.offset : undefined
  }

  private inputOf({ topic, data }: MessageInput): TickInput[] {
    if (topic === this.options.stepsTopic) return this.heardStep(data as BarStep)
    const command = topic === 'system-control' ? commandIn((data as { command?: unknown }).command) : undefined
    if (command !== undefined) {
      this.counters.commands++
      return [{ kind: 'operator', command } as TickInput]
    }
    const { agent, message } = data as { agent: number; message: unknown }
    this.counters.messages++
    const input: RemoteMessage = { kind: 'remote', topic, agent, message: fromWire(message) }
    if (topic.startsWith('market-data:')) this.heardBar(input.message as Bar)
    return [input]
  }

  private heardBar({ pair, time, barMs }: Bar): void {
    this.barEnds.set(pair, Math.max(this.barEnds.get(pair) ?? 0, time + barMs))
  }

  private heardStep({ barEnd, step, lost }: BarStep): TickInput[] {
    this.offset = Math.max(this.offset, step - Math.round(barEnd / this.options.barMs))
    const agents = lost.filter(agent => this.options.agents.has(agent) && !this.lost.has(agent))
    for (const agent of agents) this.lost.add(agent)
    return agents.length === 0 ? [] : [{ kind: 'lost', agents } as TickInput]
  }

  /** A pair whose bars may be missing is stale until the link is whole again. */
  private doubts(now: number): TickInput[] {
    return this.options.remotePairs.flatMap((pair): TickInput[] => {
      const { fresh, staleSince } = this.transport.state(`market-data:${pair}`)
      if (fresh !== this.doubtSince.has(pair)) return []
      if (fresh) this.doubtSince.delete(pair)
      else this.doubtSince.set(pair, staleSince ?? now)
      return [{ kind: 'stale', pair, since: this.doubtSince.get(pair) ?? null } as TickInput]
    })
  }
}

/** For the transport: why a message's data is refused, or undefined where it is good. */
export function checkMessage(topic: string, data: unknown, known: Known): string | undefined {
  if (typeof data !== 'object' || data === null) return 'no object'
  if ('command' in data) return commandIn((data as { command: unknown }).command) === undefined ? 'no command' : undefined
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
