/** The latency model: scanners, detectors, one trader and the orchestrator, and how a tick's inputs reach them. */

import { OperatorError, type TimeMs } from '../../core/index.js'
import {
  InstrumentTable,
  type MarketInput,
  type MarketSource,
  marketOf,
  type NetScan,
  scenarioMarket,
} from '../../market/index.js'
import { Model, runOf, type TickInput } from '../../model/index.js'
import {
  brokerSchema,
  type Calibration,
  type Halt,
  houseRules,
  type InstrumentRules,
  instrumentRules,
  type Limits,
  limitsOf,
  MarketData,
  type Portfolio,
  type Rule,
  riskSchema,
  withOwnRules,
} from '../../trading/index.js'
import type { LiveModel, LiveProgress } from '../live-model.js'
import type { LiveInput } from '../mycelial/live-inputs.js'
import type { OperatorCommand, OperatorRecord } from '../mycelial/operator.js'
import { withNetwork } from '../network-parameters.js'
import { LatencySignal } from './latency-signal.js'
import { believedBar, type NetLive, pairStale, takeLiveMarket } from './live-market.js'
import type { NetTraceParameters, netTraceSchema } from './net-trace-parameters.js'
import { NetTrader } from './net-trader.js'
import { takeNetCommand } from './operator.js'
import { Orchestrator } from './orchestrator.js'
import { type OutsideInput, type OutsideRecord, takeOutside } from './outside.js'
import type { NetTraceModel } from './ports.js'
import { Scanner } from './scanner.js'
import { spotOnly } from './spot-only.js'
import { netTraceSummary } from './summary.js'

const spotRules = withOwnRules([spotOnly])

/** What a world hands the latency model. */
export type NetTraceInput =
  | MarketInput
  | LiveInput
  | OutsideInput
  | { readonly kind: 'operator'; readonly command: OperatorCommand }
  | { readonly kind: 'feed'; readonly feed: string; readonly message: unknown }

/** Latency signals as a model: what the network says of prices, tested, and traded where it has earned it. */
export class NetTrace extends Model<typeof netTraceSchema> implements NetTraceModel {
  /** Last close by pair, USD. */
  closes = new Map<string, number>()
  /** Pairs whose data are silent, and since when. */
  stale = new Map<string, TimeMs>()
  /** @internal */
  rules = new Map<string, InstrumentRules>()
  /** The limits that hold for the portfolio. */
  limits: Limits = limitsFrom(this.params, this.gateRules)
  /** @internal */
  calibration: Calibration = new Map()
  /** @internal Scans of vantage points that have no scanner here. */
  strangers = 0
  /** @internal What only a live market brings; absent in simulations. */
  live?: NetLive
  /** @internal What came from other places; absent until something does. */
  outside?: OutsideRecord
  /** @internal What operators said, and what came of it; absent before the first command. */
  operator?: OperatorRecord
  /** @internal */
  readonly scanners = this.agentsOf(Scanner)
  /** @internal */
  readonly detectors = this.agentsOf(LatencySignal)
  /** @internal */
  readonly traders = this.agentsOf(NetTrader)
  /** @internal */
  readonly orchestrators = this.agentsOf(Orchestrator)

  setup(): void {
    const { params } = this
    const table = new InstrumentTable(params.instruments)
    for (const pair of params.pairs) this.rules.set(pair, instrumentRules(table.instrument(pair)))
    checkHosts(params)
    const hosts = Object.keys(params.hosts)
    this.spawn(params.vantages.length, Scanner, i => ({ vantage: params.vantages[i] as string }))
    const detectors = this.spawn(hosts.length, LatencySignal, i => ({ host: hosts[i] as string }))
    this.spawn(NetTrader)
    const orchestrator = this.spawn(Orchestrator)
    for (const detector of detectors) orchestrator.hire(detector)
  }

  /** The model subscribes first, so that a close is known before any agent receives its bar. */
  wire(): void {
    this.on(MarketData, ({ pair, close }) => {
      this.closes.set(pair, close)
    })
  }

  step(): void {
    this.detectors.do(detector => detector.step())
    this.traders.do(trader => trader.step())
    this.orchestrators.do(orchestrator => orchestrator.step())
  }

  override receive(input: TickInput): void {
    const given = input as NetTraceInput
    switch (given.kind) {
      case 'bar':
        return this.publish(MarketData.at(given.bar.pair), believedBar(this, given.bar))
      case 'scan':
        return this.scan(given.scan)
      case 'stale':
        if (given.since === null) this.stale.delete(given.pair)
        else this.stale.set(given.pair, given.since)
        return pairStale(this, given.pair, given.since)
      case 'net-signal':
      case 'incident':
      case 'route-update':
      case 'ticker':
        return takeOutside(this, given)
      case 'operator':
        return takeNetCommand(this, given.command)
      case 'feed':
        return
      default:
        return takeLiveMarket(this, given)
    }
  }

  private scan(scan: NetScan): void {
    const scanner = this.scanners.at(this.params.vantages.indexOf(scan.vantage))
    if (scanner === undefined || scanner.vantage !== scan.vantage) this.strangers++
    else if (!scanner.idle) scanner.scan(scan)
  }

  override finish(): void {
    for (const trader of this.traders) trader.closeAll()
  }

  override source(world?: unknown): MarketSource {
    const { pairs, barMs } = this.params
    const market = withNetwork(marketOf({ run: world }) ?? { kind: 'network' }, this.params)
    return scenarioMarket(market, { pairs, barMs, seed: runOf(this).seed })
  }

  /** Quarantines an agent that throws, so that the others go on. */
  override onAgentFailure(): 'quarantine' {
    return 'quarantine'
  }

  override summary(): Record<string, unknown> {
    return netTraceSummary(this)
  }

  /** The rules of the portfolio’s gate, in the order in which they are asked. */
  get gateRules(): readonly Rule[] {
    return this.params.allowShort ? houseRules : spotRules
  }

  get pairs(): readonly string[] {
    return this.params.pairs
  }

  get barMs(): number {
    return this.params.barMs
  }

  /** @internal */
  get warming(): boolean {
    return this.live?.warming ?? false
  }

  /** @internal */
  get clockOffSince(): TimeMs | undefined {
    return this.live?.clockOffSince
  }

  /** @internal */
  get linkDownSince(): TimeMs | null {
    return this.live?.linkDownSince ?? null
  }

  /** @internal Every lock in force. */
  get locks(): readonly Halt[] {
    return this.portfolios.flatMap(({ gate }) => gate.locks)
  }

  /** @internal */
  get portfolios(): readonly Portfolio[] {
    return [...this.traders].map(trader => trader.portfolio)
  }

  /** @internal */
  get guards(): LiveModel['guards'] {
    return [...(this.live?.guards ?? [])].map(([pair, guard]) => ({ pair, guard }))
  }

  /** @internal */
  get progress(): LiveProgress {
    const trader = this.traders.at(0)
    return {
      ideas: { network: trader?.signals.active ?? 0 },
      collisions: 0,
      approved: 0,
      patterns: {},
      dataEnded: [],
      search: null,
    }
  }

  /** @internal */
  watches(): boolean {
    return true
  }

  /** @internal */
  holds(): boolean {
    return true
  }

  /** @internal While nothing of any pair is heard, the silence of one proves nothing. */
  unseenUntil(pair: string): TimeMs {
    const { warming, stale, pairs, live } = this
    if (warming || (stale.has(pair) && pairs.every(each => stale.has(each)))) return Number.POSITIVE_INFINITY
    return live?.unseen.get(pair) ?? Number.NEGATIVE_INFINITY
  }

  /** @internal Whether the user wrote the rules of its orders. */
  isOwnInstrument(pair: string): boolean {
    return new InstrumentTable(this.params.instruments).isOwn(pair)
  }

  /** Entry and exit together, as a share of notional. */
  get roundTripCost(): number {
    const { feeRate, halfSpread, slippage } = this.params
    return 2 * (feeRate + halfSpread + slippage)
  }
}

/** A drawdown limit needs a risk manager to watch it, and `haven` parameters to be made of: a latency model has neither. */
function limitsFrom(params: NetTraceParameters, rules: readonly Rule[]): Limits {
  const { maxDrawdown, forbiddenPairs } = riskSchema.parse({})
  const { minConfidence, grossLimit } = brokerSchema.parse({})
  const limits = limitsOf({ ...params, minConfidence, grossLimit, maxDrawdown, forbiddenPairs }, rules)
  if (limits.maxDrawdown === undefined) return limits
  throw new OperatorError({
    what: '`profiles` of a latency model',
    expected: 'profiles without a limit of drawdown, which nobody watches here',
    got: params.profiles.map(chosen => (typeof chosen === 'string' ? chosen : chosen.name)).join(', '),
    next: 'Choose micro, user or spot, or write one of your own.',
  })
}

function checkHosts({ hosts, pairs }: NetTraceParameters): void {
  for (const [host, traded] of Object.entries(hosts))
    for (const pair of traded)
      if (!pairs.includes(pair))
        throw new OperatorError({
          what: `the pairs of ${host}`,
          expected: 'pairs of the run',
          got: pair,
          next: 'Add the pair to `pairs`, or name the hosts that are listened to in `hosts`.',
        })
}
