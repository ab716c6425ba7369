/** How a latency model is looked at: the routes with their hops, round trips with what is usual, signals with their confidence. */

import { math, type Row, type TimeMs } from '../../core/index.js'
import type {
  NetworkEdge,
  NetworkNode,
  NetworkPanel,
  Panel,
  PanelContext,
  ScatterPanel,
  TablePanel,
  TimelinePanel,
} from '../../model/index.js'
import {
  addToWindow,
  type Calibration,
  confidenceOf,
  medianOf,
  newRobustWindow,
  standardDetector,
  usualScale,
} from '../../trading/index.js'
import type { NetTrace } from './net-trace.js'

const tab = 'Latency'
const signalRows = 100

/** The latest scan of each vantage point and host. */
const routeMap: NetworkPanel<NetTrace> = {
  kind: 'network',
  tab,
  about:
    'The route that each vantage point saw last to the chosen host, hop by hop; a hop that did not answer stands by its place. A host shines while at least two vantage points find it late.',
  choices: ({ params }) => Object.keys(params.hosts),
  look: ({ model, choice, rows }) => {
    const latest = new Map<string, Row>()
    for (const row of rows('scans')) if (row.host === choice) latest.set(String(row.vantage), row)
    const nodes = new Map<string, NetworkNode>([[choice, hostNode(model, choice)]])
    const edges: NetworkEdge[] = []
    for (const [vantage, row] of latest) {
      const hops = String(row.route).split('>')
      const ids = hops.map((address, i) => (address === '*' ? `${vantage} ${i + 1}` : address))
      nodes.set(vantage, { id: vantage, group: 'vantage points', detail: [roundTrip(row)] })
      for (const [i, id] of ids.entries())
        nodes.set(id, {
          id,
          label: hops[i] === '*' ? '*' : id,
          group: hops[i] === '*' ? 'silent hops' : 'hops',
          detail: [`Hop ${i + 1} from ${vantage}.`],
        })
      const way = [vantage, ...ids, choice]
      for (let i = 1; i < way.length; i++)
        edges.push({ from: way[i - 1] as string, to: way[i] as string, ...(i === way.length - 1 && { label: roundTrip(row) }) })
    }
    return { nodes: [...nodes.values()], edges }
  },
}

function hostNode(model: NetTrace, host: string): NetworkNode {
  const isLate = [...model.detectors].some(detector => detector.host === host && detector.detector.slow)
  return {
    id: host,
    group: 'hosts',
    heat: isLate ? 1 : 0,
    detail: [isLate ? 'It answers later than usual.' : 'It answers as usual.'],
  }
}

function roundTrip({ rtt }: Row): string {
  return rtt === null || rtt === undefined ? 'no answer' : `${Number(rtt).toFixed(1)} ms`
}

const groups = [
  'round trip',
  'out of the band',
  'median',
  'lower limit',
  'upper limit',
  'signal: it falls',
  'signal: it rises',
] as const

/** Round trips of one vantage point to one host, the band in which they are usual, and the signals of the host. */
const roundTrips: ScatterPanel<NetTrace> = {
  kind: 'scatter',
  tab,
  about:
    'The shortest round trips, newest to the right, the median of the last 50 usual ones, and the limits beyond which one is flagged. Signals of the host stand at the median.',
  unit: 'ms',
  xLabel: 'hours before now',
  yLabel: 'round trip, ms',
  choices: ({ params }) => Object.keys(params.hosts).flatMap(host => params.vantages.map(vantage => `${host} from ${vantage}`)),
  look: ({ model, choice, rows }) => {
    const [host = '', vantage = ''] = choice.split(' from ')
    const points = new Points(model.now)
    const window = newRobustWindow(standardDetector.windowScans)
    for (const row of rows('scans')) {
      if (row.host !== host || row.vantage !== vantage || typeof row.rtt !== 'number') continue
      points.scan(Number(row.time), row.rtt, window)
    }
    for (const row of rows('latency_signals'))
      if (row.host === host && row.state === 'active') points.signal(Number(row.decided_at), Number(row.direction))
    return { x: points.x, y: points.y, group: points.group, groups }
  },
}

class Points {
  readonly x: number[] = []
  readonly y: number[] = []
  readonly group: number[] = []
  private median = Number.NaN

  constructor(private readonly now: TimeMs) {}

  scan(time: TimeMs, rttMs: number, window: ReturnType<typeof newRobustWindow>): void {
    const value = math.log(Math.max(rttMs, 0.01))
    const known = window.values.length >= standardDetector.windowScans / 2
    const middle = medianOf(window)
    const limit = standardDetector.flagAt * usualScale(window, standardDetector)
    const isFlagged = known && Math.abs(value - middle) >= limit
    this.add(time, rttMs, isFlagged ? 1 : 0)
    if (known) {
      this.median = math.exp(middle)
      this.add(time, this.median, 2)
      this.add(time, math.exp(middle - limit), 3)
      this.add(time, math.exp(middle + limit), 4)
    }
    if (!isFlagged) addToWindow(window, value)
  }

  signal(time: TimeMs, direction: number): void {
    if (!Number.isNaN(this.median)) this.add(time, this.median, direction === -1 ? 5 : 6)
  }

  private add(time: TimeMs, y: number, group: number): void {
    this.x.push((time - this.now) / 3_600_000)
    this.y.push(y)
    this.group.push(group)
  }
}

/** What happened at each host: signals, and the incidents that exchanges admit. */
const events: TimelinePanel<NetTrace> = {
  kind: 'timeline',
  tab,
  about: 'Signals of each host, and incidents from status pages, where a live run reads them.',
  look: ({ model, rows }) => ({
    lanes: Object.keys(model.params.hosts),
    events: [...rows('latency_signals').filter(({ state }) => state === 'active'), ...rows('incidents')].map(row => {
      const isSignal = row.signal_id !== undefined
      const label = String(isSignal ? row.type : row.name)
      return {
        lane: String(row.host),
        time: Number(isSignal ? row.decided_at : row.started_at),
        ...(!isSignal && { until: Number(row.resolved_at ?? model.now) }),
        group: isSignal ? label : 'incident',
        label,
        detail: isSignal ? [signalText(row)] : [`${label} (${row.impact}), ${row.status}.`],
      }
    }),
  }),
}

function signalText(row: Row): string {
  return `${row.type}: ${row.pair} ${Number(row.direction) === 1 ? 'rises' : 'falls'}, confidence ${Number(row.confidence).toFixed(2)}.`
}

/** The latest signals, each with its last state. */
const signals: TablePanel<NetTrace> = {
  kind: 'table',
  tab,
  about: 'The latest signals with their confidence and what became of them.',
  empty: 'No signal has been made yet.',
  look: ({ rows }) => latestSignals(rows('latency_signals')),
}

function latestSignals(rows: ReturnType<PanelContext<NetTrace>['rows']>) {
  const latest = new Map<unknown, Row>()
  for (const row of rows) latest.set(row.signal_id, row)
  return [...latest.values()]
    .slice(-signalRows)
    .reverse()
    .map(row => ({
      cells: {
        type: row.type ?? null,
        host: row.host ?? null,
        pair: row.pair ?? null,
        says: Number(row.direction) === 1 ? 'rises' : 'falls',
        confidence: row.confidence ?? null,
        state: row.state ?? null,
      },
      detail: [`${row.signal_id}, by ${row.agent}.`],
    }))
}

/** What each kind of signal has earned. */
const confidence: TablePanel<NetTrace> = {
  kind: 'table',
  tab,
  about:
    'What came of signals, by type and strength, and the share of right ones that is expected of the next. The pairs of a finding count as one. Below the profile’s least confidence nothing is traded.',
  empty: 'The horizon of no signal is over.',
  look: ({ model }) => earned(model.calibration),
}

function earned(calibration: Calibration) {
  return [...calibration]
    .filter(([kind]) => kind.includes('|'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, { matured, right }]) => ({
      cells: {
        kind,
        outcomes: Math.round(matured),
        right: matured === 0 ? null : right / matured,
        expected: confidenceOf(calibration, kind),
      },
    }))
}

/** The panels of every latency scenario. */
export const netTracePanels: Readonly<Record<string, Panel<NetTrace>>> = {
  'Route map': routeMap,
  'Round trips': roundTrips,
  'Signals and incidents': events,
  'Latest signals': signals,
  'What signals have earned': confidence,
}
