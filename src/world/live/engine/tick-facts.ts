/** What one tick decided, collected from the bus while it runs: for the ledger, the journal and the other processes. */

import { createHash } from 'node:crypto'
import { type OperatorAction, OperatorActions } from '../../../agents/index.js'
import type { Topic } from '../../../bus/index.js'
import { ByteWriter, type Cell, writeFact } from '../../../core/index.js'
import type { RemoteInput, TickInput } from '../../../model/index.js'
import { type DecisionHead, RowChain } from '../../../storage/index.js'
import {
  type Decision,
  Decisions,
  decisionColumns,
  type Fill,
  Fills,
  type Halt,
  SystemControl,
  type Trade,
  TradeConfirmations,
} from '../../../trading/index.js'
import type { Published } from '../peers/index.js'
import type { DecidedFact } from './journal-entry.js'

/** The chain over the decision record, as the table `decisions` of the run's files has it. */
export function newRecord(): RowChain {
  return new RowChain('decisions', ['step', ...Object.keys(decisionColumns)])
}

const cells = Object.values(decisionColumns).map(({ read }) => read as (decision: Decision) => Cell | undefined)

export class TickFacts {
  decisions: Decision[] = []
  fills: Fill[] = []
  trades: Trade[] = []
  halts: Halt[] = []
  /** Commands of operators, carried out or refused. */
  actions: OperatorAction[] = []
  facts: DecidedFact[] = []
  published: Published[] = []
  /** What other processes said in this tick: whatever it claims, none of it is this shard's own. */
  private foreign: ReadonlySet<unknown> = new Set()
  private readonly bytes = new ByteWriter()

  /** @param isSent whether a message of this topic and agent goes to other processes. @param record is continued by the decisions. */
  constructor(
    private readonly isSent: (topic: string, agent: number) => boolean,
    readonly record: RowChain = newRecord(),
  ) {}

  /** The record after this tick; null before the first decision. */
  get recordHead(): DecisionHead | null {
    const { rows } = this.record
    return rows === 0 ? null : { rows, link: this.record.value() }
  }

  /** Begins a tick with these inputs, which must be the very ones that the model gets. */
  begin(inputs: readonly TickInput[]): void {
    this.clear()
    this.foreign = new Set(inputs.flatMap(input => (input.kind === 'remote' ? [(input as RemoteInput).message] : [])))
  }

  clear(): void {
    this.decisions = []
    this.fills = []
    this.trades = []
    this.halts = []
    this.actions = []
    this.facts = []
    this.published = []
  }

  /** A message of another process is a fact of this one too, and is not sent on; nor is one of a topic without a scope. */
  add(topic: Topic<unknown>, message: unknown, agent: number, isOurs: boolean): void {
    if (topic.fact) this.facts.push([topic.name, agent, this.hashOf(message)])
    if (!isOurs || this.foreign.has(message)) return
    const named: unknown = topic
    if (named === Decisions) this.decided(message as Decision)
    else if (named === Fills) this.fills.push(message as Fill)
    else if (named === TradeConfirmations) this.trades.push(message as Trade)
    else if (named === SystemControl) this.halts.push(message as Halt)
    else if (named === OperatorActions) this.actions.push(message as OperatorAction)
    if (topic.scope !== undefined && this.isSent(topic.name, agent)) this.published.push({ topic: topic.name, agent, message })
  }

  private decided(decision: Decision): void {
    this.decisions.push(decision)
    this.record.addRow(decision.step, [decision.step, ...cells.map(read => read(decision) ?? null)])
  }

  private hashOf(message: unknown): string {
    this.bytes.clear()
    writeFact(this.bytes, message)
    return createHash('sha256').update(this.bytes.written()).digest('hex').slice(0, 16)
  }
}
