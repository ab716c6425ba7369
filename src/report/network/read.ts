/** What a report shows of latency: round trips over time, signals and what came of them, incidents with their leads. */

import { median } from '../../market/index.js'
import { type Columns, type RunDirectory, readTable } from '../../storage/index.js'
import type { Lines, ListedSignal, NetworkData, SignalType } from '../data.js'
import { reportLimits } from '../limits.js'
import { incidentLeads } from './incidents.js'

const outcomeColumns = ['type', 'posted', 'right', 'confidence', 'signed_return']

/** Undefined where the run scanned nothing. */
export async function readNetwork(run: RunDirectory): Promise<NetworkData | undefined> {
  const scans = await readTable(run.file('scans.parquet'), ['time', 'host', 'rtt'])
  if (scans === undefined) return undefined
  const changes = (await readTable(run.file('latency_signals.parquet'), 'all')) ?? {}
  const outcomes = (await readTable(run.file('signal_outcomes.parquet'), outcomeColumns)) ?? {}
  return {
    roundTrips: roundTripsOf(scans),
    scans: scans.time?.length ?? 0,
    types: typesOf(changes, outcomes),
    signals: signalsOf(changes),
    incidents: await incidentLeads(name => run.file(name)),
  }
}

/** The median of each host in stretches of equal length; a stretch without an answer has none. */
function roundTripsOf({ time = [], host = [], rtt = [] }: Columns): Lines {
  const times = time.map(Number)
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  const points = Math.min(reportLimits.points / 4, Math.max(1, new Set(times).size))
  const width = Math.max(1, (last - first) / points)
  const answers = new Map<string, number[][]>()
  times.forEach((at, i) => {
    const name = String(host[i])
    const stretches = answers.get(name) ?? Array.from({ length: points }, (): number[] => [])
    answers.set(name, stretches)
    const ms = rtt[i]
    if (ms !== null && ms !== undefined) stretches[Math.min(points - 1, Math.floor((at - first) / width))]?.push(Number(ms))
  })
  const x = Array.from({ length: points }, (_, i) => (first + (i + 0.5) * width) / 1_000)
  return { x, lines: Object.fromEntries([...answers].map(([name, stretches]) => [name, stretches.map(median)])) }
}

function typesOf(changes: Columns, outcomes: Columns): SignalType[] {
  const [made, matured] = [typesIn(changes), typesIn(outcomes)]
  const names = [...new Set([...made, ...matured])].sort()
  return names.map(type => {
    const states = (changes.state ?? []).filter((_, i) => made[i] === type)
    const of = (state: string) => states.filter(each => each === state).length
    const own = matured.flatMap((each, i) => (each === type ? [i] : []))
    const mean = (name: string) =>
      own.length === 0 ? null : own.reduce((sum, i) => sum + Number(outcomes[name]?.[i]), 0) / own.length
    return {
      type,
      made: of('active'),
      acted: of('acted'),
      expired: of('expired'),
      matured: own.length,
      right: own.filter(i => outcomes.right?.[i] === true).length,
      confidence: mean('confidence'),
      meanReturn: mean('signed_return'),
    }
  })
}

/** What other places have found is a type of its own. */
function typesIn({ type = [], posted = [] }: Columns): string[] {
  return type.map((each, i) => `${posted[i] === true ? 'posted ' : ''}${each}`)
}

function signalsOf(changes: Columns): ListedSignal[] {
  const ids = changes.signal_id ?? []
  const types = typesIn(changes)
  const acted = new Set(ids.filter((_, i) => changes.state?.[i] === 'acted'))
  const at = (name: string, i: number) => changes[name]?.[i]
  const made = ids.flatMap((id, i) => (at('state', i) === 'active' ? [{ id, i }] : []))
  return made.slice(-reportLimits.latencySignals).map(({ id, i }) => ({
    time: Number(at('decided_at', i)),
    type: types[i] ?? '',
    host: String(at('host', i)),
    pair: String(at('pair', i)),
    direction: Number(at('direction', i)),
    confidence: Number(at('confidence', i)),
    acted: acted.has(id),
  }))
}
