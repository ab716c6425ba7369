/** What was heard on each topic, as far as later messages must not contradict it: ids that come once, bars that only grow newer. */

import { foreignRule } from '../../../agents/index.js'
import type { Topic } from '../../../bus/index.js'
import type { Bar } from '../../../market/index.js'
import { MarketData, MarketHistories, type PairHistory } from '../../../trading/index.js'
import { liveLimits } from '../limits.js'

export class HeardBefore {
  /** Ids by topic, oldest first. */
  private readonly ids = new Map<string, Set<unknown>>()
  /** Start of the newest bar by topic; there is one a pair. */
  private readonly barTimes = new Map<string, number>()

  /** The field that contradicts what was heard before; undefined where none does. */
  problem(topic: string, message: unknown): string | undefined {
    const once = foreignRule(topic)?.once
    if (once !== undefined && this.ids.get(topic)?.has((message as Record<string, unknown>)[once])) return once
    if (isBars(topic)) return this.isBackward(topic, message as Bar) ? 'time' : undefined
    return isOf(MarketHistories, topic) && this.isOvertaken(message as PairHistory) ? 'bars' : undefined
  }

  /** The message was accepted. */
  note(topic: string, message: unknown): void {
    const once = foreignRule(topic)?.once
    if (once !== undefined) this.noteId(topic, (message as Record<string, unknown>)[once])
    if (isBars(topic)) this.barTimes.set(topic, Math.max(this.barTimes.get(topic) ?? 0, (message as Bar).time))
  }

  private noteId(topic: string, id: unknown): void {
    const ids = this.ids.get(topic) ?? new Set()
    this.ids.set(topic, ids.add(id))
    if (ids.size > liveLimits.idsRemembered) ids.delete(ids.values().next().value)
  }

  /** A history ends with bars that nobody has heard live. */
  private isOvertaken({ pair, bars }: PairHistory): boolean {
    const last = bars.at(-1)
    return last !== undefined && this.isBackward(MarketData.at(pair).name, last)
  }

  /** Each bar of a topic is newer than the one before. */
  private isBackward(topic: string, { time }: Bar): boolean {
    const last = this.barTimes.get(topic)
    return last !== undefined && time <= last
  }
}

function isBars(topic: string): boolean {
  return isOf(MarketData, topic)
}

function isOf(family: Topic<unknown>, topic: string): boolean {
  return topic.startsWith(`${family.name}:`)
}
