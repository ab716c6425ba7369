/** Latency signals: what scanners refuse, how each signal is acted on once, and how detectors are hired and fired. */
import { type Simulation, type SourceTick, simulate } from 'mycelia'
import { describe, expect, it } from 'vitest'
import nettrace from '../../scenarios/nettrace.js'
import { NetTrace } from '../../src/agents/index.js'
import { Bystander } from '../../src/agents/mycelial/bystander.js'
import { addOutcome, judgeKpi, type Kpi, mutated, newKpi } from '../../src/agents/nettrace/kpi.js'
import { NetOutcomes, NetSignals, type SignalChange, SignalChanges } from '../../src/agents/nettrace/topics.js'
import { MINUTE_MS, rootOf, Stream } from '../../src/core/index.js'
import type { MarketInput, NetScan } from '../../src/market/index.js'
import { defineScenario, type Source } from '../../src/model/index.js'
import {
  type Decision,
  Decisions,
  type Fill,
  Fills,
  type NetSignal,
  standardDetector,
  type Trade,
  TradeConfirmations,
} from '../../src/trading/index.js'

const start = Date.UTC(2024, 0, 1)

/** A market of one pair at prices of one's own, and inputs of one's own at steps of one's own. */
function madeSource(priceAt: (n: number) => number, inputsAt: (n: number, time: number) => MarketInput[] = () => []): Source {
  let n = 0
  return {
    next(): SourceTick {
      n++
      const time = start + n * MINUTE_MS
      const [open, close] = [priceAt(n - 1), priceAt(n)]
      const bar = {
        pair: 'XXBTZUSD',
        time: time - MINUTE_MS,
        barMs: MINUTE_MS,
        open,
        high: Math.max(open, close),
        low: Math.min(open, close),
        close,
        volume: 1,
        flags: 0,
      }
      return { time, step: true, inputs: [...inputsAt(n, time), { kind: 'bar', bar } as MarketInput] }
    },
    save: () => n,
    restore: state => {
      n = state as number
    },
    describe: () => ({}),
  }
}

const params = { pairs: ['XXBTZUSD'], hosts: { h: ['XXBTZUSD'] }, vantages: ['v1', 'v2'] }

function begun(source: Source, more: Record<string, unknown> = {}): Simulation<NetTrace> {
  return simulate(nettrace, {
    seed: 1,
    source,
    params: { ...params, ...more },
    collect: false,
  }) as unknown as Simulation<NetTrace>
}

/** A signal as a detector publishes it; handed to the trader directly. */
function signalAt(sim: Simulation<NetTrace>, over: Partial<NetSignal> = {}): NetSignal {
  const { now } = sim.model
  return {
    type: 'latency_anomaly',
    direction: 1,
    strength: 1,
    id: `test:${now}`,
    host: 'h',
    pair: 'XXBTZUSD',
    agent: 'LatencySignal-0',
    confidence: 0.7,
    decidedAt: now,
    expiresAt: now + 10 * MINUTE_MS,
    horizonBars: 30,
    ...over,
  }
}

/** Steps once, with signals that a detector publishes in that step. */
function stepWith(sim: Simulation<NetTrace>, ...signals: NetSignal[]): void {
  const detector = sim.model.detectors.at(0)
  const before = detector?.step
  if (detector === undefined || before === undefined) throw new Error('no detector')
  Object.defineProperty(detector, 'step', {
    configurable: true,
    value: () => {
      for (const signal of signals)
        detector.publish(NetSignals, { ...signal, decidedAt: sim.model.now, expiresAt: sim.model.now + 10 * MINUTE_MS })
    },
  })
  sim.step()
  Reflect.deleteProperty(detector, 'step')
}

function heard<T>(sim: Simulation<NetTrace>, topic: object): T[] {
  const all: T[] = []
  sim.tap((of, message) => {
    if (of === topic) all.push(message as T)
  })
  return all
}

describe('a scanner', () => {
  it('counts by reason what may not be believed, and nothing of it leads to a signal or a trade', () => {
    const good = (vantage: string, time: number): NetScan => ({
      host: 'h',
      vantage,
      time,
      hops: [{ ttl: 1, address: 'gw', rttMs: 1 }],
      probesMs: [50, 51, 52],
      gateway: true,
    })
    const bad: Partial<NetScan>[] = [
      { host: 'other' },
      { probesMs: [Number.NaN] },
      { probesMs: [-5] },
      { probesMs: [60_001] },
      { hops: [] },
      { hops: Array.from({ length: 255 }, (_, i) => ({ ttl: i + 1, address: 'x', rttMs: 1 })) },
      {
        hops: [
          { ttl: 3, address: 'x', rttMs: 1 },
          { ttl: 2, address: 'y', rttMs: 1 },
        ],
      },
      { probesMs: [null, null, null], gateway: false },
    ]
    const source = madeSource(
      () => 100,
      (n, time) => [
        ...['v1', 'v2'].map((v): MarketInput => ({ kind: 'scan', scan: good(v, time) })),
        ...(n > 60
          ? bad.flatMap(change =>
              ['v1', 'v2'].map((v): MarketInput => ({ kind: 'scan', scan: { ...good(v, time + 1), ...change } })),
            )
          : []),
        ...(n === 80
          ? [
              { kind: 'scan', scan: good('v1', time - MINUTE_MS) } as MarketInput,
              { kind: 'scan', scan: good('v9', time) } as MarketInput,
            ]
          : []),
      ],
    )
    const sim = begun(source)
    const signals = heard(sim, NetSignals)
    sim.run({ steps: 100 })
    const each = 2 * 40
    const { scans, trades } = sim.model.summary() as {
      scans: { taken: number; rejected: Record<string, number> }
      trades: number
    }
    expect(scans.rejected).toEqual({
      unknownVantage: 1,
      unknownHost: each,
      rttUnknown: each,
      rttNegative: each,
      rttTooLong: each,
      noHops: each,
      tooManyHops: each,
      hopOrder: each,
      vantageDown: each,
      clockStep: 1,
    })
    expect(scans.taken).toBe(200)
    expect(signals).toEqual([])
    expect(trades).toBe(0)
    expect(sim.quarantined).toEqual([])
  })
})

describe('the trader', () => {
  it('acts on a signal once, however often it comes, and lets one that it may not trade expire', () => {
    const sim = begun(madeSource(() => 40_000))
    const changes = heard<SignalChange>(sim, SignalChanges)
    const decisions = heard<Decision>(sim, Decisions)
    sim.step()
    const signal = signalAt(sim)
    const weak = signalAt(sim, { id: 'weak', confidence: 0.54 })
    stepWith(sim, signal, signal, weak)
    stepWith(sim, signal)
    sim.run({ steps: 15 })
    expect(changes.map(c => [c.signal.id, c.state])).toEqual([
      [signal.id, 'active'],
      [signal.id, 'acted'],
      ['weak', 'active'],
      ['weak', 'expired'],
    ])
    expect(decisions.map(d => d.answer.outcome)).toEqual(['entry', 'lowConfidence'])
    expect(sim.model.traders.at(0)?.signals.repeated).toBe(2)
  })

  it('sells nothing short on a spot exchange: a falling signal closes what is held and keeps out, until it is over', () => {
    const sim = begun(madeSource(() => 40_000))
    const fills = heard<Fill>(sim, Fills)
    const decisions = heard<Decision>(sim, Decisions)
    sim.step()
    stepWith(sim, signalAt(sim, { direction: -1, id: 'down' }))
    sim.run({ steps: 3 })
    stepWith(sim, signalAt(sim, { id: 'up, too early' }))
    sim.run({ steps: 10 })
    stepWith(sim, signalAt(sim, { id: 'up' }))
    sim.run({ steps: 6 })
    stepWith(sim, signalAt(sim, { direction: -1, id: 'down again' }))
    // Until it is over, though it closed something and was not refused.
    const over = sim.model.now + 10 * MINUTE_MS
    expect(sim.model.traders.at(0)?.portfolio.gate.own.spotOnly).toEqual({ outUntil: { XXBTZUSD: over } })
    sim.run({ steps: 2 })
    expect(decisions.map(d => [d.ideaId, d.answer.outcome])).toEqual([
      ['down', 'spotOnly'],
      ['up, too early', 'spotOnly'],
      ['up', 'entry'],
      ['down again', 'exit'],
    ])
    expect(fills.map(f => f.side)).toEqual(['buy', 'sell'])
  })

  it('sells short where it may', () => {
    const sim = begun(
      madeSource(() => 40_000),
      { allowShort: true },
    )
    const fills = heard<Fill>(sim, Fills)
    sim.step()
    stepWith(sim, signalAt(sim, { direction: -1 }))
    sim.run({ steps: 2 })
    expect(fills.map(f => f.side)).toEqual(['sell'])
  })

  it.each([
    [13, 0.56, 1],
    [13, 0.95, 1],
    [30, 0.95, 1.8],
    [50, 0.95, 3],
    [60, 0.6, 1.5],
    [1_000, 0.95, 5],
  ])('with %d USD and a confidence of %d asks for %d USD, within a thirtieth', (capitalUsd, confidence, usd) => {
    const sim = begun(
      madeSource(() => 10),
      { capitalUsd, instruments: { XXBTZUSD: { orderMin: 0 } } },
    )
    const fills = heard<Fill>(sim, Fills)
    sim.step()
    stepWith(sim, signalAt(sim, { confidence }))
    sim.run({ steps: 2 })
    expect((fills[0] as Fill).notionalE6 / 1e6 / usd).toBeGreaterThan(0.979)
    expect((fills[0] as Fill).notionalE6 / 1e6 / usd).toBeLessThan(1.033)
  })

  it('leaves at a stop before five minutes are over, and at an opposite signal only after', () => {
    const sim = begun(madeSource(n => (n < 6 ? 40_000 : 39_000)))
    const trades = heard<Trade>(sim, TradeConfirmations)
    const decisions = heard<Decision>(sim, Decisions)
    sim.step()
    stepWith(sim, signalAt(sim))
    sim.run({ steps: 2 })
    stepWith(sim, signalAt(sim, { direction: -1, id: 'too early' }))
    sim.run({ steps: 6 })
    expect(decisions.at(-1)?.answer.outcome).toBe('minHold')
    expect(trades.map(t => [t.reason, (t.exitTime - t.entryTime) / MINUTE_MS < 5])).toEqual([['stop', true]])
  })
})

describe('the latency model', () => {
  it('trades nothing before a kind of signal has earned a confidence of 0.55', () => {
    const sim = simulate(nettrace, { seed: 3, collect: false }) as unknown as Simulation<NetTrace>
    const decisions = heard<Decision>(sim, Decisions)
    const outcomes = heard(sim, NetOutcomes)
    sim.run({ steps: 2 * 1_440 })
    expect(decisions.length).toBeGreaterThan(20)
    expect(outcomes.length).toBeGreaterThan(20)
    const acted = decisions.filter(d => d.answer.outcome === 'entry')
    expect(acted.every(d => d.signal.confidence >= 0.55)).toBe(true)
    expect(decisions.slice(0, 5).every(d => d.signal.confidence < 0.55 && d.answer.outcome === 'lowConfidence')).toBe(true)
  })

  it('D8: decides the same beside one more agent that does nothing', () => {
    class Beside extends NetTrace {
      override setup(): void {
        super.setup()
        this.spawn(Bystander)
      }
    }
    const facts = (sim: Simulation<NetTrace>) => {
      const decisions = heard<Decision>(sim, Decisions)
      sim.run({ steps: 1_200 })
      return decisions.map(({ id, time, ideaId, answer }) => [id, time, ideaId, answer.outcome])
    }
    const beside = defineScenario({
      ...nettrace,
      name: 'beside',
      model: Beside,
      agents: { ...nettrace.agents, Bystander },
    } as never)
    const alone = facts(simulate(nettrace, { seed: 2, collect: false }) as unknown as Simulation<NetTrace>)
    expect(alone.length).toBeGreaterThan(3)
    expect(facts(simulate(beside, { seed: 2, collect: false }) as unknown as Simulation<NetTrace>)).toEqual(alone)
  })

  it('D5: another seed gives another story', () => {
    const digest = (seed: number) => {
      const sim = simulate(nettrace, { seed, collect: false })
      sim.run({ steps: 300 })
      return sim.digest
    }
    expect(digest(1)).not.toBe(digest(2))
    expect(digest(1)).toBe(digest(1))
  })

  it('refuses a profile whose drawdown nobody watches, a target that cannot pay, and a host whose pair is not traded', () => {
    const refused = (more: Record<string, unknown>) => () => simulate(nettrace, { params: more })
    expect(refused({ profiles: ['haven'] })).toThrow('drawdown')
    expect(refused({ feeRate: 0.004 })).toThrow('allowLosingTarget')
    expect(refused({ hosts: { h: ['EOSUSD'] } })).toThrow('EOSUSD')
  })
})

describe('a signal of another place', () => {
  it('counts for nobody here: not for a detector of the same name, nor for a hypothesis, nor for the accuracy of this place', () => {
    const strength = 1
    const source = 'LatencySignal-0'
    const posted = { id: 'a', source, type: 'latency_anomaly', host: 'h', pair: 'XXBTZUSD', direction: 1, strength } as const
    const sim = begun(
      madeSource(
        n => (n < 4 ? 40_000 : 40_100),
        (n, time) => (n === 2 ? [{ kind: 'net-signal', signal: { ...posted, time } } as unknown as MarketInput] : []),
      ),
      { horizonBars: 5, profiles: [{ name: 'eager', limits: { minConfidence: 0.4 } }] },
    )
    const results = () => {
      const { accuracy, hypotheses, calibrationError, postedSignals } = sim.model.summary()
      const orchestrator = sim.model.orchestrators.at(0)
      const judged = [...(orchestrator?.kpis ?? [])].map(([key, kpi]) => [key, kpi.net.n])
      const units = (hypotheses as { units: number }[]).reduce((sum, each) => sum + each.units, 0)
      return { accuracy, units, calibrationError, judged, postedSignals }
    }
    const kinds = () => Object.fromEntries(sim.model.calibration)
    sim.run({ steps: 10 })
    expect(sim.model.detectors.at(0)?.key).toBe(source)
    expect(results()).toMatchObject({
      accuracy: { matured: 0, right: 0, share: null },
      units: 0,
      calibrationError: null,
      judged: [[source, 0]],
      postedSignals: { taken: 1, matured: 1, right: 1 },
    })
    expect(kinds()).toEqual({
      'posted latency_anomaly|strong': { matured: 1, right: 1 },
      'posted latency_anomaly': { matured: 1, right: 1 },
    })

    // One of its own at the same instant as another one counts whole.
    stepWith(sim, signalAt(sim, { horizonBars: 5 }), signalAt(sim, { id: 'b', horizonBars: 5, posted: true }))
    sim.run({ steps: 10 })
    expect(results()).toMatchObject({ accuracy: { matured: 1, right: 0 }, units: 1, judged: [[source, 1]] })
    expect(kinds()).toMatchObject({
      'latency_anomaly|strong': { matured: 1, right: 0 },
      'posted latency_anomaly|strong': { matured: 2, right: 1 },
    })
  })
})

describe('the staff', () => {
  const kpiOf = (returns: number[]): Kpi => {
    const kpi = newKpi()
    for (const r of returns) addOutcome(kpi, r, r > 0)
    return kpi
  }
  const rng = new Stream(rootOf(5), 'staff')
  const outcomes = (mean: number, n: number) => Array.from({ length: n }, () => rng.normal(mean, 1))

  it('is judged by returns after costs: what loses is fired, what gains is promoted, of too few nothing is said', () => {
    expect(judgeKpi(kpiOf(outcomes(-0.5, 200)))).toBe('fire')
    expect(judgeKpi(kpiOf(outcomes(0.5, 200)))).toBe('promote')
    expect(judgeKpi(kpiOf(outcomes(-5, 29)))).toBe('keep')
  })

  it('is cloned with thresholds near those of its parent, each within a fifth', () => {
    const clone = mutated(standardDetector, rng)
    expect(clone).not.toEqual(standardDetector)
    expect(clone.windowScans).toBe(standardDetector.windowScans)
    for (const name of ['flagAt', 'leastScale', 'trendChange'] as const)
      expect(Math.abs(clone[name] / standardDetector[name] - 1)).toBeLessThanOrEqual(0.2)
  })

  it('keeps a place for every host: one that is fired is followed by a clone on trial, whose signals nobody trades', () => {
    const sim = simulate(nettrace, { seed: 4, collect: false, params: { reviewBars: 1 } }) as unknown as Simulation<NetTrace>
    const orchestrator = sim.model.orchestrators.at(0)
    const first = sim.model.detectors.at(0)
    if (orchestrator === undefined || first === undefined) throw new Error('no staff')
    for (let i = 0; i < 50; i++) addOutcome(orchestrator.kpis.get(first.key) as Kpi, -0.01 - i * 1e-5, false)
    sim.run({ steps: 2 })
    expect(first.alive).toBe(false)
    const there = [...sim.model.detectors].filter(d => d.host === first.host)
    expect(there.map(d => d.trial)).toEqual([true])
    expect(sim.model.summary().staff).toMatchObject({ hired: 6, fired: 1, cloned: 1 })
  })
})
