/** Gathers what waits for one tick: the feed's inputs, moat signals, answers, other processes' messages, the operator. */

import type { LiveFeed, MoatFeed } from '../../../feed/index.js'
import { BarFlag, type MarketInput } from '../../../market/index.js'
import type { TickInput } from '../../../model/index.js'
import type { Control } from '../operations/control.js'
import type { Remote } from '../peers/remote.js'
import type { Answers } from './answers.js'
import { liveLimits } from './limits.js'

export interface InputParts {
  readonly feed: LiveFeed
  readonly moats?: Pick<MoatFeed, 'take'> | undefined
  readonly answers: Answers
  readonly control?: Control | undefined
  readonly remote?: Remote | undefined
}

export class Inputs {
  /** Existing bars of each pair since the last step: a second one follows a bar that no step was made for. */
  private readonly bars = new Map<string, number>()

  constructor(private readonly parts: InputParts) {}

  take(now: number): TickInput[] {
    const { feed, moats, answers, control, remote } = this.parts
    const market = [...feed.take(liveLimits.inputsPerPair), ...(moats?.take(liveLimits.inputsPerPair) ?? [])]
    return [
      ...(control?.take() ?? []),
      ...answers.take(now),
      ...(remote?.take(now) ?? []),
      ...market.flatMap(input => this.withGap(input)),
    ]
  }

  /** True where a feed or another process still has something for this instant. */
  get isBehind(): boolean {
    const { feed, remote } = this.parts
    return feed.waiting() > 0 || (remote?.isBehind ?? false)
  }

  /** What was taken last is journalled; on a step, the bars it closed are counted anew. */
  committed(step: boolean): void {
    this.parts.control?.taken()
    if (step) this.bars.clear()
  }

  private withGap(input: MarketInput): MarketInput[] {
    if (input.kind !== 'bar' || (input.bar.flags & (BarFlag.filled | BarFlag.revised)) !== 0) return [input]
    const { pair, time, barMs } = input.bar
    const before = this.bars.get(pair) ?? 0
    this.bars.set(pair, before + 1)
    return before === 0 ? [input] : [{ kind: 'gap', pair, from: time - barMs, to: time }, input]
  }
}
