/** What an operator says to a live swarm, and what came of it. A command is an input, so that it is journalled and replayed. */

import { topic } from '../../bus/index.js'
import { grouped, OperatorError, type ReadColumns } from '../../core/index.js'
import { formatTime } from '../../market/index.js'
import {
  cancelChosen,
  changedLimits,
  type Halt,
  knownPair,
  type LimitChange,
  type LimitParameters,
  type Limits,
  leavePosition,
  limitsOf,
  type OrderChoice,
  type Portfolio,
  type PortfolioName,
  type Rule,
  type Trade,
} from '../../trading/index.js'

/** What every command says besides what it does. */
export interface CommandNote {
  readonly reason: string
  /** Names the command, so that it counts once and what came of it can be asked for. */
  readonly key?: string
}

/** A command of an operator. */
export type OperatorCommand =
  | (CommandNote & { readonly do: 'halt' | 'resume' })
  /** Ends one lock, by its id. */
  | (CommandNote & { readonly do: 'unlock'; readonly id: string })
  /** Closes positions at the next price: of a pair or of all, in one portfolio or in every one. */
  | (CommandNote & { readonly do: 'close'; readonly pair: string | null; readonly portfolio: PortfolioName | null })
  /** Cancels orders that wait: of a pair, one by its id, or all. */
  | (CommandNote & { readonly do: 'cancel'; readonly what: string | null })
  /** Locks a pair for entries; `forMs` null: until an operator ends it. */
  | (CommandNote & { readonly do: 'lock'; readonly pair: string; readonly forMs: number | null })
  /** Puts tokens and creators on the blacklist of a trade-agent, or takes them off. */
  | (CommandNote & { readonly do: 'blacklist'; readonly names: readonly string[]; readonly lift: boolean })
  /** Answers what waits for a reviewer. */
  | (CommandNote & { readonly do: 'review'; readonly id: string; readonly approve: boolean })
  /** Changes limits by name, and with `pairs` which pairs may be entered. */
  | (CommandNote & { readonly do: 'set'; readonly limits: Readonly<Record<string, unknown>> })

/** A position that an operator ordered to be closed. */
export interface ClosingPosition {
  readonly tradeId: string
  readonly portfolio: string
  readonly pair: string
  /** Its exit's price; null while it waits for one. */
  readonly priceUsd: number | null
  readonly pnlUsd: number | null
}

/** A command, and what came of it. */
export interface OperatorAction {
  readonly key: string | null
  readonly time: number
  readonly step: number
  /** The verb and what it was about: `close SOLUSD`. */
  readonly command: string
  readonly reason: string
  /** In a sentence. */
  readonly outcome: string
  /** Whether it was refused and changed nothing. */
  readonly refused: boolean
  readonly closing: readonly ClosingPosition[]
}

/** Every command, once it was carried out or refused. */
export const OperatorActions = topic<OperatorAction>('operator-actions', { record: true })

/** The columns of the table `commands`. */
export const commandColumns = {
  time: { type: 'time', meaning: 'When it was carried out.', read: a => a.time },
  command: { type: 'text', meaning: 'The verb, and what it was about.', read: a => a.command },
  reason: { type: 'text', meaning: 'Why, as the operator said it.', read: a => a.reason },
  outcome: { type: 'text', meaning: 'What came of it.', read: a => a.outcome },
  refused: { type: 'boolean', meaning: 'Whether it changed nothing.', read: a => a.refused },
} satisfies ReadColumns<OperatorAction>

/** Commands that are remembered: a command whose key is among them counts no second time. */
const remembered = 100
/** Names in one sentence. */
const mostNamed = 12

/** What the model keeps of commands; absent before the first. */
export interface OperatorRecord {
  readonly actions: OperatorAction[]
  /** Commands that came a second time, and were left out. */
  repeated: number
}

/** The trader, as commands need it. */
interface Trader {
  readonly idle: boolean
  readonly portfolios: Readonly<Record<PortfolioName, Portfolio>>
  setLimits(limits: Limits): void
  recordEnds(): void
}

/** The risk manager, as commands need it. */
interface RiskManager {
  readonly idle: boolean
  command(command: OperatorCommand): void
  lockPair(pair: string, until: number | null, reason: string): Halt
  setLimits(limits: Limits): void
}

/** A model that notes what operators said. */
export interface CommandedModel {
  operator?: OperatorRecord
  readonly pairs: readonly string[]
  readonly portfolios: readonly Portfolio[]
  readonly steps: number
  readonly now: number
  publish(topic: typeof OperatorActions, action: OperatorAction): void
}

/** The swarm, as commands need it. */
export interface CommandedSwarm extends CommandedModel {
  readonly params: LimitParameters
  limits: Limits
  readonly gateRules: readonly Rule[]
  readonly traders: Iterable<Trader>
  readonly riskManagers: Iterable<RiskManager>
  /** False once the risk manager is quarantined. */
  readonly hasRiskManager: boolean
}

/** What a command did, before it is written down. */
export interface Outcome {
  readonly outcome: string
  readonly closing?: readonly ClosingPosition[]
}

/** Carries out a command, or refuses it; either is recorded. One that came before is left out. */
export function takeCommand(swarm: CommandedSwarm, command: OperatorCommand): void {
  if (!isForAnother(swarm)) noteCommand(swarm, command, () => outcomeOf(swarm, command))
}

/** Lets a command be carried out, and notes what came of it. One that came before is left out. */
export function noteCommand(model: CommandedModel, command: OperatorCommand, carryOut: () => Outcome): void {
  model.operator ??= { actions: [], repeated: 0 }
  const { operator } = model
  const { key = null, reason } = command
  if (key !== null && operator.actions.some(action => action.key === key)) {
    operator.repeated++
    return
  }
  const { outcome, closing = [], refused } = carriedOut(carryOut)
  const action = { key, time: model.now, step: model.steps, command: commandText(command), reason, outcome, refused, closing }
  operator.actions.push(action)
  if (operator.actions.length > remembered) operator.actions.shift()
  model.publish(OperatorActions, action)
}

/** In a split run every process hears a command; the one with the risk manager carries it out. */
function isForAnother({ hasRiskManager, riskManagers }: CommandedSwarm): boolean {
  for (const riskManager of riskManagers) if (!riskManager.idle) return false
  return hasRiskManager
}

/** Writes down the price at which a position left that an operator had ordered to be closed. */
export function noteClosed({ operator }: Pick<CommandedModel, 'operator'>, { tradeId, exitPriceUsd, pnlE6 }: Trade): void {
  if (operator === undefined) return
  operator.actions.forEach((action, at) => {
    if (!action.closing.some(each => each.tradeId === tradeId && each.priceUsd === null)) return
    const closing = action.closing.map(each =>
      each.tradeId === tradeId ? { ...each, priceUsd: exitPriceUsd, pnlUsd: pnlE6 / 1e6 } : each,
    )
    operator.actions[at] = { ...action, closing }
  })
}

/** A command in a few words. */
export function commandText(command: OperatorCommand): string {
  switch (command.do) {
    case 'halt':
    case 'resume':
      return command.do
    case 'unlock':
      return `unlock ${command.id}`
    case 'close':
      return `close ${command.pair ?? 'all'}${command.portfolio === null ? '' : ` of ${command.portfolio}`}`
    case 'cancel':
      return `cancel ${command.what ?? 'all'}`
    case 'lock':
      return `lock ${command.pair}`
    case 'blacklist':
      return `${command.lift ? 'unlist' : 'blacklist'} ${named(command.names)}`
    case 'review':
      return `${command.approve ? 'approve' : 'refuse'} ${command.id}`
    case 'set':
      return `set ${Object.keys(command.limits).join(', ')}`
  }
}

function carriedOut(carryOut: () => Outcome): Outcome & { readonly refused: boolean } {
  try {
    return { ...carryOut(), refused: false }
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    return { outcome: error.message, refused: true }
  }
}

function outcomeOf(swarm: CommandedSwarm, command: OperatorCommand): Outcome {
  switch (command.do) {
    case 'close':
      return recorded(traderOf(swarm), () => closePositions(swarm, command))
    case 'cancel':
      return recorded(traderOf(swarm), () => cancelEntries(swarm, command))
    case 'lock':
      return lockOne(swarm, command)
    case 'set':
      return setLimits(swarm, command)
    case 'blacklist':
    case 'review':
      throw new OperatorError({
        what: `the command ${command.do} to a swarm`,
        expected: 'halt, resume, lock, unlock, close, cancel or set',
        got: command.do,
        next: 'Lock a pair to keep it out.',
      })
    default:
      riskManagerOf(swarm).command(command)
      return { outcome: command.do === 'unlock' ? 'The lock has ended, where it was in force.' : haltOutcome[command.do] }
  }
}

function recorded(trader: Trader, act: () => Outcome): Outcome {
  const outcome = act()
  trader.recordEnds()
  return outcome
}

/** What an order to halt or to go on does. */
export const haltOutcome = {
  halt: 'No portfolio enters anything; exits go on.',
  resume: 'The halts that an operator may end have ended.',
} as const

/** Orders positions to be closed at the next price. */
export function closePositions(
  { portfolios, pairs, now }: CommandedModel,
  { pair, portfolio }: OperatorCommand & { do: 'close' },
): Outcome {
  const only = pair === null ? null : knownPair(pair, pairs)
  const closing: ClosingPosition[] = []
  for (const each of portfolios) {
    if (portfolio !== null && portfolio !== each.name) continue
    for (const instrument of each.instruments.values()) {
      if (only !== null && instrument.pair !== only) continue
      const tradeId = leavePosition(each, instrument, now)
      if (tradeId !== undefined)
        closing.push({ tradeId, portfolio: each.name, pair: instrument.pair, priceUsd: null, pnlUsd: null })
    }
  }
  if (closing.length === 0) return { outcome: 'Nothing was held.' }
  const places = named(closing.map(each => `${each.portfolio} ${each.pair}`))
  return { outcome: `${counted(closing.length, 'position')} to leave at the next price: ${places}.`, closing }
}

/** Cancels orders that wait. */
export function cancelEntries({ portfolios, pairs, now }: CommandedModel, { what }: OperatorCommand & { do: 'cancel' }): Outcome {
  const choice: OrderChoice = what === null ? 'all' : what.includes(':') ? { id: what } : { pair: knownPair(what, pairs) }
  const cancelled = portfolios.flatMap(portfolio => cancelChosen(portfolio, choice, now))
  if (cancelled.length === 0) return { outcome: 'No such order waited.' }
  return { outcome: `${counted(cancelled.length, 'order')} cancelled: ${named(cancelled)}.` }
}

function lockOne(swarm: CommandedSwarm, { pair, forMs, reason }: OperatorCommand & { do: 'lock' }): Outcome {
  const until = forMs === null ? null : swarm.now + forMs
  const lock = riskManagerOf(swarm).lockPair(knownPair(pair, swarm.pairs), until, reason)
  const end = until === null ? 'until an operator ends it' : `until ${formatTime(until)}`
  return { outcome: `${lock.pair} is locked for entries ${end}: lock ${lock.id}.` }
}

function setLimits(swarm: CommandedSwarm, { limits: changes }: OperatorCommand & { do: 'set' }): Outcome {
  const [trader, riskManager] = [traderOf(swarm), riskManagerOf(swarm)]
  const { params: parameters, gateRules: rules, pairs } = swarm
  const chosen = limitsOf(parameters, rules)
  const { limits, changed } = changedLimits(swarm.limits, changes, { parameters, chosen, rules, pairs })
  if (changed.length === 0) return { outcome: 'All limits were so already.' }
  swarm.limits = limits
  trader.setLimits(limits)
  riskManager.setLimits(limits)
  return { outcome: `${changed.map(changeText).join(', ')}.` }
}

/** A change for a reader: `minConfidence 0.5 → 0.7`. */
export function changeText({ name, from, to }: LimitChange): string {
  return `${name} ${valueText(from)} → ${valueText(to)}`
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none'
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value)
  return value.length === 0 ? 'no pair' : value.join(' ')
}

function traderOf({ traders }: CommandedSwarm): Trader {
  for (const trader of traders) if (!trader.idle) return trader
  throw new OperatorError({ what: 'a command to Trading', expected: 'Trading at work in this process', got: 'none' })
}

function riskManagerOf({ riskManagers }: CommandedSwarm): RiskManager {
  for (const riskManager of riskManagers) if (!riskManager.idle) return riskManager
  throw new OperatorError({
    what: 'a command to RiskManagement',
    expected: 'RiskManagement at work in this process',
    got: 'none',
  })
}

function counted(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? '' : 's'}`
}

function named(all: readonly string[]): string {
  const more = all.length - mostNamed
  return all.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${grouped(more)} more` : '')
}
