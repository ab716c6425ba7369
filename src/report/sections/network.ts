/** Latency: round trips, signals by type with what came of them, and incidents with the lead of the first signal. */

import type { ListedSignal, NetworkData, ReportData, SignalType } from '../data.js'
import { counted, decimal, instant, integer, percent } from '../format.js'
import type { IncidentLead } from '../network/incidents.js'
import { linesPanel, type ReportPanel, type Section, table } from '../panels.js'
import { number, record } from '../summary.js'

export function networkSection({ network, manifest }: ReportData): Section[] {
  if (network === undefined) return []
  const { accuracy } = manifest.summary
  const { share, matured, neededFor55: needed } = record(accuracy)
  const right = number(share)
  const lead =
    right === undefined
      ? `${counted(network.scans, 'scan')}; the horizon of no signal is over.`
      : `${counted(network.scans, 'scan')}. ${percent(right)} of ${counted(number(matured) ?? 0, 'signal')} were right; ${integer(number(needed) ?? 0)} tell 55 % from a coin.`
  const panels = [roundTrips(network), typeTable(network.types), signalTable(network.signals), incidentTable(network.incidents)]
  return [{ id: 'network', title: 'Latency', lead, panels }]
}

function roundTrips({ roundTrips: { x, lines } }: NetworkData): ReportPanel {
  const about = 'The median over all vantage points of the shortest of each scan’s probes. A gap: the host did not answer.'
  return linesPanel('Round trips', { x: x.map(seconds => seconds * 1_000), lines }, { about, isTime: true, unit: 'ms' })
}

function typeTable(types: readonly SignalType[]): ReportPanel {
  const about =
    'A signal is right where its pair moved its way within its horizon, whether anybody traded it or not. Confidence is the share of right ones that was expected.'
  const rows = types.map(({ type, made, acted, expired, matured, right, confidence, meanReturn }) => ({
    type,
    made,
    'acted on': acted,
    expired,
    matured,
    right: matured === 0 ? '–' : percent(right / matured),
    expected: confidence === null ? '–' : percent(confidence),
    'mean return, bp': meanReturn === null ? null : 1e4 * meanReturn,
  }))
  return table('Signals by type', rows, { about, empty: 'No signal was made.' })
}

function signalTable(signals: readonly ListedSignal[]): ReportPanel {
  const rows = [...signals].reverse().map(({ time, type, host, pair, direction, confidence, acted }) => ({
    time: instant(new Date(time).toISOString()),
    type,
    host,
    pair,
    says: direction === 1 ? 'rises' : 'falls',
    confidence: decimal(confidence),
    'acted on': acted ? 'yes' : 'no',
  }))
  return table('Latest signals', rows, { empty: 'No signal was made.' })
}

function incidentTable(incidents: readonly IncidentLead[]): ReportPanel {
  const about =
    'As the exchanges’ status pages told them. Lead: the incident less the first falling signal of its host, from two hours before it to its end; below 0 the signal came after.'
  const rows = incidents.map(({ host, name, impact, startedAt, resolvedAt, leadMs }) => ({
    host,
    incident: name,
    impact,
    began: instant(new Date(startedAt).toISOString()),
    ended: resolvedAt === null ? 'goes on' : instant(new Date(resolvedAt).toISOString()),
    'lead, minutes': leadMs === null ? 'no signal' : decimal(leadMs / 60_000, 1),
  }))
  return table('Incidents', rows, { about, empty: 'No status page told of one, or none was read.' })
}
