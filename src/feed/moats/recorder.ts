/** Writes live moat signals as `<dir>/<moat>/<stream>.csv`, columns `time,stream,value`: what the option `moats` reads. */

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MoatSignal } from '../../market/index.js'

export class MoatRecorder {
  /** Signals that could not be written; recording never stops a run. */
  failures = 0
  private readonly begun = new Set<string>()
  private readonly lastAt = new Map<string, number>()

  constructor(private readonly dir: string) {}

  /** Times in one file strictly increase, also where the wall clock does not. */
  write({ moat, stream, time, value }: MoatSignal): void {
    const file = join(this.dir, moat, `${stream}.csv`)
    if (!this.begin(file, moat)) return
    if (time <= (this.lastAt.get(file) ?? Number.NEGATIVE_INFINITY)) return
    try {
      appendFileSync(file, `${time},${stream},${value}\n`)
      this.lastAt.set(file, time)
    } catch {
      this.failures++
    }
  }

  /** Makes the file, or continues an existing one after its last time. */
  private begin(file: string, moat: string): boolean {
    if (this.begun.has(file)) return true
    try {
      mkdirSync(join(this.dir, moat), { recursive: true })
      if (existsSync(file)) this.lastAt.set(file, lastTime(readFileSync(file, 'utf8')))
      else appendFileSync(file, 'time,stream,value\n')
      this.begun.add(file)
      return true
    } catch {
      this.failures++
      return false
    }
  }
}

function lastTime(csv: string): number {
  const time = Number.parseInt(csv.trimEnd().split('\n').at(-1) ?? '', 10)
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time
}
