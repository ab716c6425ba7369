/** Contagion: too many learners that follow one policy pause every entry until they differ again. */

import type { TimeMs } from '../../core/index.js'
import { beginRiskLock, endOfLock, type HaltSink, inPercent, type Risk } from './risk.js'

/** How far the finance learners agree at the end of a bar. */
export interface ContagionReading {
  /** Share of them that have the commonest leading policy; NaN where unknown. */
  readonly share: number
  /** How many have a leading policy. */
  readonly leaders: number
  readonly time: TimeMs
}

/**
 * Judges contagion at the end of a bar. An unknown share starts no pause, and does not count towards ending one. After an operator has
 * ended a pause, none begins before the share was below that at which one ends.
 */
export function riskOnContagion(risk: Risk, { share, leaders, time }: ContagionReading, emit: HaltSink): void {
  const { contagionPause, contagionResume, contagionCalmBars, contagionLeaders } = risk.settings
  risk.judged ||= leaders >= contagionLeaders
  if (!risk.judged) return
  risk.share = share
  if (risk.contagion === null) {
    if (share < contagionResume) delete risk.contagionWaived
    if (!(share >= contagionPause) || risk.contagionWaived) return
    risk.calmBars = 0
    risk.contagion = beginRiskLock(risk, {
      portfolio: 'all',
      kind: 'contagion',
      time,
      reason: `${inPercent(share)} of the finance learners follow one policy`,
      ends: `share < ${inPercent(contagionResume)} for ${contagionCalmBars} bars`,
    })
    emit(risk.contagion)
    return
  }
  risk.calmBars = share < contagionResume ? risk.calmBars + 1 : 0
  if (risk.calmBars < contagionCalmBars) return
  const ended = endOfLock(risk.contagion, time, `share < ${inPercent(contagionResume)} for ${contagionCalmBars} bars`)
  risk.contagion = null
  emit(ended)
}
