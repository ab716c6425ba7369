/** Collects the inputs of one tick: commands, answers, messages of other shards, market data and moat signals. */

import type { LiveFeed } from '../../../feed/index.js'
import { BarFlag, type MarketInput } from '../../../market/index.js'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import type { Control } from '../operations/index.js'
import type { PeerBridge } from '../peers/index.js'
import type { Answers } from './answers.js'
import type { ExchangeInputs } from './exchange-inputs.js'
import type { FeedList } from './feed-list.js'

export interface InputSources {
  readonly feed: LiveFeed
  readonly exchange?: Pick<ExchangeInputs, 'take' | 'takeHistory'> | undefined
  /** The feeds besides the market's. */
  readonly others?: Pick<FeedList, 'take'> | undefined
  readonly answers: Answers
  readonly control?: Pick<Control, 'take' | 'committed'> | undefined
  readonly bridge?: PeerBridge | undefined
}

export class Inputs {
  /** Bars of each pair since the last step, filled ones not counted. A second one means that a bar had no step. */
  private readonly bars = new Map<string, number>()

  constructor(private readonly sources: InputSources) {}

  take(now: number): TickInput[] {
    const { feed, others, answers, control, bridge, exchange } = this.sources
    const history = exchange?.takeHistory() ?? []
    const market = history.length > 0 ? [] : feed.take(liveLimits.inputsPerPair)
    return [
      ...(control?.take() ?? []),
      ...(exchange?.take(now) ?? []),
      ...history,
      ...answers.take(now),
      ...(bridge?.take(now) ?? []),
      ...market.flatMap(input => this.withGap(input)),
      ...(others?.take(liveLimits.inputsPerPair) ?? []),
    ]
  }

  /** True where the feed or another shard still has inputs for this instant. */
  get isBehind(): boolean {
    const { feed, bridge } = this.sources
    return feed.waiting() > 0 || (bridge?.isBehind ?? false)
  }

  /** The inputs that `take` returned are in the journal. A step begins a new count of bars. */
  committed(step: boolean): void {
    this.sources.control?.committed()
    if (step) this.bars.clear()
  }

  private withGap(input: MarketInput): MarketInput[] {
    if (input.kind !== 'bar' || (input.bar.flags & BarFlag.filled) !== 0) return [input]
    const { pair, time, barMs } = input.bar
    const before = this.bars.get(pair) ?? 0
    this.bars.set(pair, before + 1)
    return before === 0 ? [input] : [{ kind: 'gap', pair, from: time - barMs, to: time }, input]
  }
}
