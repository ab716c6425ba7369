/** The health of a child, from what was measured of it: a pure function of a reading and the thresholds. */

import type { FileSoundness } from '../../storage/index.js'
import type { Beat } from './beat.js'
import type { Fault } from './degradation.js'
import type { Thresholds } from './settings.js'

/** What a check has measured; null: not known, or not asked for. */
export interface Reading {
  readonly beat: Beat | null
  readonly journalAgeMs: number | null
  readonly database: FileSoundness | null
  readonly freeBytes: number | null
  /** Addresses that must answer, and whether they do. */
  readonly reached: Readonly<Record<string, boolean>>
  readonly model: ModelAnswer | null
  readonly isDeaf: boolean
}

export type ModelAnswer = { readonly state: 'right' } | { readonly state: 'silent' | 'wrong'; readonly detail: string }

/** The faults that a reading shows. */
export function faultsOf(reading: Reading, limits: Thresholds): Fault[] {
  return [
    ...databaseFaults(reading),
    ...sourceFaults(reading),
    ...modelFaults(reading),
    ...measured('journalOld', reading.journalAgeMs, limits.journalAgeMs, 'ms'),
    ...measured('memoryHigh', reading.beat?.rssBytes, limits.rssBytes, 'bytes'),
    ...measured('filesHigh', reading.beat?.files, limits.files, 'files'),
    ...measured('loopSlow', reading.beat?.loopDelayMs, limits.loopDelayMs, 'ms'),
    ...(reading.freeBytes !== null && reading.freeBytes < limits.freeBytes
      ? [{ code: 'diskLow', detail: `${Math.round(reading.freeBytes)} bytes free of ${limits.freeBytes}` } as const]
      : []),
    ...(reading.isDeaf ? [{ code: 'deaf', detail: 'no channel takes notices' } as const] : []),
  ]
}

/** At the limit it is a fault. */
function measured(code: Fault['code'], value: number | null | undefined, limit: number, unit: string): Fault[] {
  if (value === null || value === undefined || value < limit) return []
  return [{ code, detail: `${Math.round(value)} of ${limit} ${unit}` }]
}

function databaseFaults({ database }: Reading): Fault[] {
  if (database === 'damaged') return [{ code: 'databaseDamaged', detail: 'quick_check fails' }]
  if (database === 'locked') return [{ code: 'databaseLocked', detail: 'a read waited in vain' }]
  return database === 'unreadable' ? [{ code: 'databaseUnreadable', detail: 'a read failed' }] : []
}

/** What the child says of its sources, and what was asked from here. Without the market, or any of the addresses, nothing is known. */
function sourceFaults({ beat, reached }: Reading): Fault[] {
  const urls = Object.keys(reached)
  const away = urls.filter(url => !reached[url])
  const failed = [...(beat?.failed ?? []), ...away]
  const isMarketDown = beat?.marketDown === true
  if (failed.length === 0 && !isMarketDown) return []
  const isBlind = isMarketDown || (urls.length > 0 && away.length === urls.length)
  return [{ code: isBlind ? 'sourcesDown' : 'sourceDown', detail: failed.slice(0, 5).join(', ') }]
}

function modelFaults({ beat, model }: Reading): Fault[] {
  if (model !== null && model.state !== 'right')
    return [{ code: model.state === 'wrong' ? 'modelWrong' : 'modelSilent', detail: model.detail }]
  return beat?.model == null ? [] : [{ code: 'modelSilent', detail: beat.model }]
}
