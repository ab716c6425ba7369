/** Incidents that exchanges admitted, each with the first signal of its host: how long before it the network knew, where it did. */

import { HOUR_MS } from '../../core/index.js'
import { type Columns, readTable } from '../../storage/index.js'

/** An incident and its lead. */
export interface IncidentLead {
  readonly id: string
  readonly host: string
  readonly name: string
  readonly impact: string
  readonly startedAt: number
  readonly resolvedAt: number | null
  /** The first falling signal of the host from two hours before the incident to its end; null: there was none. */
  readonly signalAt: number | null
  /** Incident less signal, ms: above 0 where the signal came first; null without a signal. */
  readonly leadMs: number | null
}

/** A falling signal that is older than this belongs to something else. */
const beforeMs = 2 * HOUR_MS

/** The incidents of a run, oldest first, as they stood last; none where it read no status page. */
export async function incidentLeads(fileOf: (name: string) => string): Promise<IncidentLead[]> {
  const incidents = await readTable(fileOf('incidents.parquet'), 'all')
  if (incidents === undefined) return []
  const worse = worseSignals(
    (await readTable(fileOf('latency_signals.parquet'), ['host', 'state', 'direction', 'decided_at'])) ?? {},
  )
  return latestOf(incidents)
    .map(incident => withLead(incident, worse.get(incident.host) ?? []))
    .sort((a, b) => a.startedAt - b.startedAt)
}

type Incident = Omit<IncidentLead, 'signalAt' | 'leadMs'>

function latestOf(columns: Columns): Incident[] {
  const latest = new Map<string, Incident>()
  const text = (name: string, i: number) => String(columns[name]?.[i] ?? '')
  const ids = columns.id ?? []
  ids.forEach((_, i) => {
    const resolved = columns.resolved_at?.[i]
    const resolvedAt = resolved === null || resolved === undefined ? null : Number(resolved)
    const [id, host, name, impact] = [text('id', i), text('host', i), text('name', i), text('impact', i)]
    latest.set(`${host} ${id}`, { id, host, name, impact, startedAt: Number(columns.started_at?.[i]), resolvedAt })
  })
  return [...latest.values()]
}

/** Times of falling signals by host, oldest first. */
function worseSignals({ host = [], state = [], direction = [], decided_at: decided = [] }: Columns): Map<string, number[]> {
  const times = new Map<string, number[]>()
  host.forEach((name, i) => {
    if (state[i] !== 'active' || Number(direction[i]) !== -1) return
    const of = times.get(String(name)) ?? []
    of.push(Number(decided[i]))
    times.set(String(name), of)
  })
  return times
}

function withLead(incident: Incident, times: readonly number[]): IncidentLead {
  const { startedAt, resolvedAt } = incident
  const end = resolvedAt ?? Number.POSITIVE_INFINITY
  const signalAt = times.find(time => time >= startedAt - beforeMs && time <= end) ?? null
  return { ...incident, signalAt, leadMs: signalAt === null ? null : startedAt - signalAt }
}

/** An incident's lead in a sentence. */
export function leadSentence({ host, name, startedAt, leadMs }: IncidentLead): string {
  const at = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ')
  const what = `${host}, ${at} UTC, "${name}"`
  if (leadMs === null) return `${what}: no signal.`
  const minutes = (Math.abs(leadMs) / 60_000).toFixed(1)
  return `${what}: the first signal came ${minutes} minutes ${leadMs >= 0 ? 'before' : 'after'} it.`
}
