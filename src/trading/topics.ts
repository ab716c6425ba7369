/** Every topic of the swarm, by the names of mycelial §3; the same in memory and on Redis. */

import { topic } from '../bus/index.js'
import type { Bar, MarketTrade, Moat, MoatSignal } from '../market/index.js'
import type { Idea } from './idea.js'
import type { PatternRow } from './pattern.js'
import type { Fill, Halt, Trade } from './trade.js'

export const MarketData = topic<Bar>('market-data')
export const MarketTicks = topic<MarketTrade>('market-ticks')

export const moatData: Readonly<Record<Moat, ReturnType<typeof topic<MoatSignal>>>> = {
  code: topic<MoatSignal>('repo-data'),
  logistics: topic<MoatSignal>('logistics-data'),
  government: topic<MoatSignal>('govt-data'),
  corporations: topic<MoatSignal>('corp-data'),
}

export const MycelialIdeas = topic<Idea>('mycelial-trade-ideas', { fact: true })
export const BaselineIdeas = topic<Idea>('baseline-trade-ideas', { fact: true })

/** An operator's or the guardian's order to all: halts, resumptions, emergency shutdown. */
export const SystemControl = topic<Halt>('system-control', { fact: true })
export const TradeConfirmations = topic<Trade>('trade-confirmations', { fact: true })
export const SynthesizedTrades = topic<Trade>('synthesized-trade-log', { fact: true })
export const Fills = topic<Fill>('fills', { fact: true })
/** Status changes of patterns: the verdicts. */
export const PatternLog = topic<PatternRow>('pattern-verdicts', { fact: true })
