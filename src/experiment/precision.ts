/**
 * When enough replicates of a point have been made: the interval of a column's mean is narrow enough. Replicates are judged in their order,
 * whatever order they come in; those beyond the first that suffice are discarded, so every engine keeps the same ones.
 */

import { OperatorError } from '../core/index.js'
import { addMoment, newMoments, type RunningMoments, sampleSd } from '../trading/index.js'
import { studentQuantile } from './statistics/index.js'

/** How narrow the interval of a mean must become; plain data. */
export interface Precision {
  /** A column of the table of runs. */
  readonly column: string
  /** Half the width of the interval. */
  readonly halfWidth: number
  /** Whether `halfWidth` is a fraction of the mean; default no. */
  readonly isRelative?: boolean
  /** The confidence of the interval, by Student's t; default 0.95. */
  readonly confidence?: number
  /** Replicates that are made in any case; default 5. */
  readonly least?: number
}

const standard = { isRelative: false, confidence: 0.95, least: 5 } as const

/** @throws OperatorError for what cannot be reached. */
export function checkPrecision({ halfWidth, confidence = standard.confidence, least = standard.least }: Precision): void {
  if (!(halfWidth > 0)) throw wrong('half a width above 0', halfWidth)
  if (!(confidence > 0 && confidence < 1)) throw wrong('a confidence between 0 and 1', confidence)
  if (!(Number.isSafeInteger(least) && least >= 2)) throw wrong('at least 2 replicates', least)
}

function wrong(expected: string, got: unknown): OperatorError {
  return new OperatorError({ what: '`precision`', expected, got })
}

/** What is known of the replicates of one point. */
interface Group {
  /** Replicates judged. */
  judged: number
  /** Of those that had a value. */
  readonly moments: RunningMoments
  /** The replicate after which no more are needed. */
  enough: number
  /** Values that came before those of earlier replicates. */
  readonly waiting: Map<number, number | undefined>
}

export class Groups {
  private readonly groups: Group[]

  constructor(
    private readonly precision: Precision,
    points: number,
  ) {
    this.groups = Array.from({ length: points }, () => ({
      judged: 0,
      moments: newMoments(),
      enough: Number.POSITIVE_INFINITY,
      waiting: new Map(),
    }))
  }

  /** The value of a replicate, counted from 1; undefined where it failed or has none. */
  add(point: number, replicate: number, value: number | undefined): void {
    const group = this.groups[point]
    if (group === undefined || replicate > group.enough) return
    group.waiting.set(replicate, value)
    while (group.enough === Number.POSITIVE_INFINITY && group.waiting.has(group.judged + 1)) this.judge(group)
    if (group.enough !== Number.POSITIVE_INFINITY) group.waiting.clear()
  }

  /** Whether a replicate is kept, as far as is known yet. */
  keeps(point: number, replicate: number): boolean {
    return replicate <= (this.groups[point]?.enough ?? 0)
  }

  /** The points of which fewer replicates than planned sufficed. */
  get narrow(): number {
    return this.groups.filter(({ enough }) => enough !== Number.POSITIVE_INFINITY).length
  }

  private judge(group: Group): void {
    const replicate = ++group.judged
    const value = group.waiting.get(replicate)
    group.waiting.delete(replicate)
    if (value === undefined) return
    addMoment(group.moments, value)
    if (this.isNarrow(group)) group.enough = replicate
  }

  private isNarrow({ judged, moments }: Group): boolean {
    const { halfWidth, isRelative, confidence, least } = { ...standard, ...this.precision }
    const { n, mean } = moments
    if (n < 2 || judged < least) return false
    const half = studentQuantile((1 + confidence) / 2, n - 1) * (sampleSd(moments) / Math.sqrt(n))
    return half <= (isRelative ? halfWidth * Math.abs(mean) : halfWidth)
  }
}
