/** What one tick decided, collected from the bus while it runs: for the ledger, the journal and the other processes. */

import { createHash } from 'node:crypto'
import type { Topic } from '../../../bus/index.js'
import { ByteWriter, writeFact } from '../../../core/index.js'
import { type Fill, Fills, type Halt, SystemControl, type Trade, TradeConfirmations } from '../../../trading/index.js'
import type { Published } from '../peers/index.js'
import type { DecidedFact } from './journal-entry.js'

export class TickFacts {
  fills: Fill[] = []
  trades: Trade[] = []
  halts: Halt[] = []
  facts: DecidedFact[] = []
  published: Published[] = []
  private readonly bytes = new ByteWriter()

  /** @param isSent whether a message of this topic and agent goes to other processes. */
  constructor(private readonly isSent: (topic: string, agent: number) => boolean) {}

  clear(): void {
    this.fills = []
    this.trades = []
    this.halts = []
    this.facts = []
    this.published = []
  }

  /** A message of another process is a fact of this one too, and is not sent on; nor is one of a topic without a scope. */
  add(topic: Topic<unknown>, message: unknown, agent: number, isOurs: boolean): void {
    if (topic.fact) this.facts.push([topic.name, agent, this.hashOf(message)])
    if (!isOurs) return
    const named: unknown = topic
    if (named === Fills) this.fills.push(message as Fill)
    else if (named === TradeConfirmations) this.trades.push(message as Trade)
    else if (named === SystemControl) this.halts.push(message as Halt)
    if (topic.scope !== undefined && this.isSent(topic.name, agent)) this.published.push({ topic: topic.name, agent, message })
  }

  private hashOf(message: unknown): string {
    this.bytes.clear()
    writeFact(this.bytes, message)
    return createHash('sha256').update(this.bytes.written()).digest('hex').slice(0, 16)
  }
}
