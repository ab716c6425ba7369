/** The topics of latency signals: scans as they were taken, signals, and what became of each. */

import { topic } from '../../bus/index.js'
import type { TimeMs } from '../../core/index.js'
import type { ExchangeTicker, NetIncident, NetScan, RouteUpdate } from '../../market/index.js'
import { type NetSignal, netSignalFact } from '../../trading/index.js'

/** Scans that may be believed, a member a host: `NetScans.at('api.kraken.com')`. */
export const NetScans = topic<NetScan>('net-scan')

/** Signals of the hired detectors. */
export const NetSignals = topic<NetSignal>('net-signals', { fact: netSignalFact })

/** Signals of detectors on trial: their outcomes count for hiring, and nobody trades them. */
export const TrialSignals = topic<NetSignal>('net-trial-signals', { fact: netSignalFact })

/** What a signal is: it waits to be acted on, the trader has acted on it once, or its time is over. */
export const signalStates = ['active', 'acted', 'expired'] as const
export type SignalState = (typeof signalStates)[number]

/** A signal at the moment at which its state changed. */
export interface SignalChange {
  readonly signal: NetSignal
  readonly state: SignalState
  readonly time: TimeMs
}
/** Every state of every signal, for the record. */
export const SignalChanges = topic<SignalChange>('net-signal-changes', { record: true })

/** What came of a signal at the end of its horizon, whether anybody traded it or not. */
export interface NetOutcome {
  readonly signal: NetSignal
  readonly time: TimeMs
  /** Return of the pair since the signal, in its direction, before costs. */
  readonly signedReturn: number
  readonly right: boolean
}
/** Every outcome, for the record. */
export const NetOutcomes = topic<NetOutcome>('net-outcomes', { record: true })

/** What the orchestrator did with a detector. */
export const staffActions = ['hired', 'cloned', 'promoted', 'fired'] as const
export type StaffAction = (typeof staffActions)[number]

export interface StaffChange {
  readonly time: TimeMs
  readonly agent: string
  readonly host: string
  readonly action: StaffAction
  /** Signals behind it, and their mean return after costs. */
  readonly matured: number
  readonly meanNet: number
}
/** Every change of the staff. */
export const StaffChanges = topic<StaffChange>('net-staff', { fact: true })

/** An incident, and when the run heard of it. */
export interface SeenIncident extends NetIncident {
  readonly seenAt: TimeMs
}
/** Every incident as it begins and changes, for the record. */
export const Incidents = topic<SeenIncident>('net-incidents', { record: true })

/** Every change of a route between networks, for the record. */
export const RouteUpdates = topic<RouteUpdate>('net-route-updates', { record: true })

/** Prices at the exchanges that are traced, for the record. */
export const Tickers = topic<ExchangeTicker>('net-tickers', { record: true })
