/** The latency model: scanners, detectors, one trader and the orchestrator, and how a tick's inputs reach them. */

import { OperatorError, type TimeMs } from '../../core/index.js'
import { InstrumentTable, type MarketInput, type MarketSource, marketOf, scenarioMarket } from '../../market/index.js'
import { Model, runOf, type TickInput } from '../../model/index.js'
import {
  brokerSchema,
  type Calibration,
  houseRules,
  type InstrumentRules,
  instrumentRules,
  type Limits,
  limitsOf,
  MarketData,
  type Rule,
  riskSchema,
  withOwnRules,
} from '../../trading/index.js'
import { LatencySignal } from './latency-signal.js'
import type { NetTraceParameters, netTraceSchema } from './net-trace-parameters.js'
import { NetTrader } from './net-trader.js'
import { Orchestrator } from './orchestrator.js'
import type { NetTraceModel } from './ports.js'
import { Scanner } from './scanner.js'
import { spotOnly } from './spot-only.js'
import { netTraceSummary } from './summary.js'

const spotRules = withOwnRules([spotOnly])

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
    const given = input as MarketInput
    switch (given.kind) {
      case 'bar':
        return this.publish(MarketData.at(given.bar.pair), given.bar)
      case 'scan': {
        const scanner = this.scanners.at(this.params.vantages.indexOf(given.scan.vantage))
        if (scanner === undefined || scanner.vantage !== given.scan.vantage) this.strangers++
        else if (!scanner.idle) scanner.scan(given.scan)
        return
      }
      case 'stale':
        if (given.since === null) this.stale.delete(given.pair)
        else this.stale.set(given.pair, given.since)
    }
  }

  override finish(): void {
    for (const trader of this.traders) trader.closeAll()
  }

  override source(world?: unknown): MarketSource {
    const { pairs, barMs, hosts, vantages } = this.params
    const market = marketOf({ run: world }) ?? { kind: 'network' }
    const around =
      market.kind === 'network' ? { ...market, net: { hosts, vantages, ...(market.net as object | undefined) } } : market
    return scenarioMarket(around, { pairs, barMs, seed: runOf(this).seed })
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
