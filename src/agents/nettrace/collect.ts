/** The tables of a latency run: equity by step, scans, signals with their states and outcomes, the record of decisions, the staff. */

import { fromUsdE6, type ReadColumns, strictly } from '../../core/index.js'
import { type ExchangeTicker, leastRttMs, type NetScan, type RouteUpdate } from '../../market/index.js'
import { type Collect, rowsOf } from '../../model/index.js'
import {
  Decisions,
  decisionColumns,
  equityE6,
  Fills,
  fillColumns,
  isHalted,
  lockColumns,
  MarketData,
  OrderEnds,
  orderColumns,
  priceColumns,
  SystemControl,
  TradeConfirmations,
  tradeColumns,
} from '../../trading/index.js'
import type { NetTrace } from './net-trace.js'
import {
  Incidents,
  type NetOutcome,
  NetOutcomes,
  NetScans,
  RouteUpdates,
  type SeenIncident,
  type SignalChange,
  SignalChanges,
  type StaffChange,
  StaffChanges,
  Tickers,
} from './topics.js'

const modelColumns = {
  time: { type: 'time', meaning: 'The model’s clock: the end of the bar.', read: m => m.now },
  equity: {
    type: 'real',
    unit: 'USD',
    nullable: true,
    meaning: 'Equity of the portfolio; null where it cannot be computed.',
    read: m => {
      const trader = m.traders.at(0)
      return trader === undefined ? null : fromUsdE6(equityE6(trader.portfolio))
    },
  },
  halted: {
    type: 'boolean',
    meaning: 'Whether the portfolio makes no entries.',
    read: m => {
      const trader = m.traders.at(0)
      return trader !== undefined && isHalted(trader.portfolio)
    },
  },
  matured: {
    type: 'integer',
    meaning: 'Signals of its own detectors whose horizon is over.',
    read: m => m.orchestrators.at(0)?.matured ?? 0,
  },
  right: {
    type: 'integer',
    meaning: 'Of these, the ones whose pair moved their way.',
    read: m => m.orchestrators.at(0)?.right ?? 0,
  },
  detectors: { type: 'integer', meaning: 'Detectors there are, those on trial included.', read: m => m.detectors.size },
} satisfies ReadColumns<NetTrace>

const scanColumns = {
  time: { type: 'time', meaning: 'When it was taken.', read: s => s.time },
  host: { type: 'text', meaning: 'The host.', read: s => s.host },
  vantage: { type: 'text', meaning: 'The vantage point.', read: s => s.vantage },
  rtt: { type: 'real', unit: 'ms', nullable: true, meaning: 'Shortest round trip; null: no answer.', read: s => leastRttMs(s) },
  lost: {
    type: 'integer',
    meaning: 'Probes to the host without an answer.',
    read: s => s.probesMs.filter(p => p === null).length,
  },
  route: {
    type: 'text',
    meaning: 'The hops by address with > between; * did not answer.',
    read: s => s.hops.map(hop => hop.address ?? '*').join('>'),
  },
} satisfies ReadColumns<NetScan>

const signalColumns = {
  signal_id: { type: 'text', meaning: 'The signal, by `decisions.idea_id`.', read: c => c.signal.id },
  state: { type: 'text', meaning: '`active`, `acted` or `expired`.', read: c => c.state },
  time: { type: 'time', meaning: 'When it came into this state.', read: c => c.time },
  type: { type: 'text', meaning: '`latency_anomaly`, `trend_shift`, `route_change` or `composite`.', read: c => c.signal.type },
  host: { type: 'text', meaning: 'The host.', read: c => c.signal.host },
  pair: { type: 'text', meaning: 'The pair.', read: c => c.signal.pair },
  direction: { type: 'integer', meaning: '1: it rises, −1: it falls.', read: c => c.signal.direction },
  strength: {
    type: 'real',
    meaning: 'By type: log of the ratio to the usual round trip, log change, hops, weighted consensus.',
    read: c => c.signal.strength,
  },
  confidence: { type: 'real', meaning: 'Share of right ones that is expected of its kind.', read: c => c.signal.confidence },
  agent: {
    type: 'text',
    meaning: 'The detector, by `roster.key`; of one that was posted, the place that sent it.',
    read: c => c.signal.agent,
  },
  posted: { type: 'boolean', meaning: 'Whether another place has found it.', read: c => c.signal.posted === true },
  decided_at: { type: 'time', meaning: 'When it was made.', read: c => c.signal.decidedAt },
  expires_at: { type: 'time', meaning: 'The last instant at which it may be acted on.', read: c => c.signal.expiresAt },
  horizon_bars: { type: 'integer', unit: 'bars', meaning: 'After which it is right or wrong.', read: c => c.signal.horizonBars },
} satisfies ReadColumns<SignalChange>

const outcomeColumns = {
  signal_id: {
    type: 'text',
    meaning: 'The signal, by `latency_signals.signal_id`; one on trial stands here alone.',
    read: o => o.signal.id,
  },
  time: { type: 'time', meaning: 'The end of its horizon.', read: o => o.time },
  type: { type: 'text', meaning: 'Its type.', read: o => o.signal.type },
  posted: { type: 'boolean', meaning: 'Whether another place has found it.', read: o => o.signal.posted === true },
  pair: { type: 'text', meaning: 'The pair.', read: o => o.signal.pair },
  confidence: { type: 'real', meaning: 'Its confidence when it was made.', read: o => o.signal.confidence },
  signed_return: {
    type: 'real',
    unit: 'share of price',
    meaning: 'Return of the pair since then, in its direction, before costs.',
    read: o => o.signedReturn,
  },
  right: { type: 'boolean', meaning: 'Whether that is above 0.', read: o => o.right },
} satisfies ReadColumns<NetOutcome>

const staffColumns = {
  time: { type: 'time', meaning: 'When.', read: s => s.time },
  agent: { type: 'text', meaning: 'The detector, by `roster.key`.', read: s => s.agent },
  host: { type: 'text', meaning: 'Its host.', read: s => s.host },
  action: { type: 'text', meaning: '`hired`, `cloned`, `promoted` or `fired`.', read: s => s.action },
  matured: { type: 'integer', meaning: 'Its signals that were judged.', read: s => s.matured },
  mean_net: { type: 'real', unit: 'share of price', meaning: 'Their mean return after costs.', read: s => s.meanNet },
} satisfies ReadColumns<StaffChange>

const incidentColumns = {
  id: { type: 'text', meaning: 'The incident, as the status page names it.', read: i => i.id },
  host: { type: 'text', meaning: 'The host whose page it stands on.', read: i => i.host },
  name: { type: 'text', meaning: 'What the page calls it.', read: i => i.name },
  impact: { type: 'text', meaning: '`none`, `minor`, `major` or `critical`.', read: i => i.impact },
  status: {
    type: 'text',
    meaning: '`investigating`, `identified`, `monitoring`, `resolved` or `postmortem`.',
    read: i => i.status,
  },
  started_at: { type: 'time', meaning: 'When it began, as the page says.', read: i => i.startedAt },
  resolved_at: { type: 'time', nullable: true, meaning: 'When it ended; null: it goes on.', read: i => i.resolvedAt },
  seen_at: { type: 'time', meaning: 'When the run heard of it.', read: i => i.seenAt },
} satisfies ReadColumns<SeenIncident>

const routeUpdateColumns = {
  time: { type: 'time', meaning: 'When a collector saw it.', read: u => u.time },
  prefix: { type: 'text', meaning: 'The addresses it is a route to.', read: u => u.prefix },
  path: {
    type: 'text',
    nullable: true,
    meaning: 'Numbers of the networks on the way, the nearest first; null: the route was withdrawn.',
    read: u => u.path?.join(' ') ?? null,
  },
  peer: { type: 'text', meaning: 'The network that told the collector.', read: u => u.peer },
} satisfies ReadColumns<RouteUpdate>

const tickerColumns = {
  time: { type: 'time', meaning: 'When it was last traded there.', read: t => t.time },
  host: { type: 'text', meaning: 'The host of the exchange.', read: t => t.host },
  pair: { type: 'text', meaning: 'The pair.', read: t => t.pair },
  price: { type: 'real', unit: 'USD', meaning: 'Last price.', read: t => t.priceUsd },
  bid: { type: 'real', unit: 'USD', meaning: 'Best bid.', read: t => t.bidUsd },
  ask: { type: 'real', unit: 'USD', meaning: 'Best ask.', read: t => t.askUsd },
} satisfies ReadColumns<ExchangeTicker>

/** What a latency run writes down. */
export const netTraceCollect: Collect<NetTrace> = {
  model: strictly(modelColumns),
  messages: {
    scans: rowsOf({ topics: [NetScans], columns: strictly(scanColumns) }),
    latency_signals: rowsOf({ topics: [SignalChanges], columns: strictly(signalColumns) }),
    signal_outcomes: rowsOf({ topics: [NetOutcomes], columns: strictly(outcomeColumns) }),
    incidents: rowsOf({ topics: [Incidents], columns: strictly(incidentColumns) }),
    route_updates: rowsOf({ topics: [RouteUpdates], columns: strictly(routeUpdateColumns) }),
    tickers: rowsOf({ topics: [Tickers], columns: strictly(tickerColumns) }),
    staff: rowsOf({ topics: [StaffChanges], columns: strictly(staffColumns) }),
    decisions: rowsOf({ topics: [Decisions], columns: strictly(decisionColumns), isChained: true }),
    orders: rowsOf({ topics: [OrderEnds], columns: strictly(orderColumns) }),
    fills: rowsOf({ topics: [Fills], columns: strictly(fillColumns) }),
    trades: rowsOf({ topics: [TradeConfirmations], columns: strictly(tradeColumns) }),
    locks: rowsOf({ topics: [SystemControl], columns: strictly(lockColumns) }),
    prices: rowsOf({ topics: [MarketData], columns: strictly(priceColumns) }),
  },
  roster: true,
}
