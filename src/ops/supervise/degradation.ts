/** What a fault does to a run: full, half size, exits only, stopped. A fault only ever takes away. */

import type { Severity } from '../../core/index.js'

/** From the best to the worst. */
export const levels = ['full', 'half size', 'exits only', 'stopped'] as const
export type Level = (typeof levels)[number]

interface Row {
  readonly level: Exclude<Level, 'full'>
  readonly severity: Severity
  /** What ends it: the supervisor's restart, the world, or a person. */
  readonly healedBy: 'restart' | 'itself' | 'person'
  readonly meaning: string
}

/** Every fault that is looked for. */
export const faults = {
  ended: { level: 'stopped', severity: 'P1', healedBy: 'restart', meaning: 'the process has ended by itself' },
  hung: { level: 'stopped', severity: 'P1', healedBy: 'restart', meaning: 'the process is silent: no heartbeat' },
  crashLoop: { level: 'stopped', severity: 'P0', healedBy: 'person', meaning: 'it ended too often in a short time' },
  databaseDamaged: { level: 'stopped', severity: 'P0', healedBy: 'person', meaning: 'the ledger fails SQLite’s quick check' },
  databaseLocked: { level: 'exits only', severity: 'P1', healedBy: 'itself', meaning: 'another process locks the ledger' },
  databaseUnreadable: { level: 'exits only', severity: 'P1', healedBy: 'itself', meaning: 'the ledger cannot be read' },
  diskLow: { level: 'exits only', severity: 'P0', healedBy: 'person', meaning: 'the disk of the run has little room' },
  journalOld: { level: 'exits only', severity: 'P1', healedBy: 'itself', meaning: 'the ledger was not written to for long' },
  sourcesDown: {
    level: 'exits only',
    severity: 'P1',
    healedBy: 'itself',
    meaning: 'the market, or every address that must answer, is away',
  },
  sourceDown: { level: 'half size', severity: 'P2', healedBy: 'itself', meaning: 'a source of data does not answer' },
  modelSilent: { level: 'half size', severity: 'P2', healedBy: 'itself', meaning: 'the model does not answer' },
  modelWrong: { level: 'half size', severity: 'P1', healedBy: 'person', meaning: 'the model answers the probe wrongly' },
  filesHigh: { level: 'exits only', severity: 'P1', healedBy: 'person', meaning: 'the process has too many open files' },
  memoryHigh: { level: 'half size', severity: 'P1', healedBy: 'person', meaning: 'the process needs too much memory' },
  loopSlow: { level: 'half size', severity: 'P2', healedBy: 'itself', meaning: 'the event loop of the process is late' },
  deaf: { level: 'half size', severity: 'P1', healedBy: 'itself', meaning: 'nobody can be told: no channel takes notices' },
} as const satisfies Readonly<Record<string, Row>>

export type FaultCode = keyof typeof faults

export interface Fault {
  readonly code: FaultCode
  readonly detail: string
}

/** The worst that any of them asks for. */
export function levelOf(present: readonly Pick<Fault, 'code'>[]): Level {
  const worst = Math.max(0, ...present.map(({ code }) => levels.indexOf(faults[code].level)))
  return levels[worst] as Level
}

export function isWorse(level: Level, than: Level): boolean {
  return levels.indexOf(level) > levels.indexOf(than)
}

/** The level of a run that goes on. */
export type RunLevel = Exclude<Level, 'stopped'>

/** What was changed in a run, so that the same is put back and nothing else; plain data. */
export interface Kept {
  readonly level: RunLevel
  readonly [name: string]: unknown
}

/** Brings a run to a level by inputs that it journals. Throws where the run does not take them. */
export type SetLevel = (run: string, level: RunLevel, reason: string, kept: Kept | undefined) => Promise<Kept>
