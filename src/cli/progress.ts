/** The progress of a run, a replay, a rebuilding or a sweep on standard error: a bar with its ETA on a terminal, a plain line every few seconds elsewhere. */

import { SingleBar } from 'cli-progress'
import type { Progress } from '../world/index.js'
import type { Io } from './io.js'
import { duration, grouped } from './text.js'

const betweenLinesMs = 5_000

type Shown = Pick<Progress, 'step' | 'of' | 'done' | 'elapsedMs'>

export interface ProgressView {
  show(progress: Shown): void
  stop(): void
}

/** @param unit what is counted. */
export function progressView(io: Io, unit: 'step' | 'tick' | 'trade' | 'run' | 'place' | 'point' = 'step'): ProgressView {
  return io.interactive ? bar(unit) : lines(io, unit)
}

function bar(unit: string): ProgressView {
  const options = { format: '{bar} {percentage} % · {done} · {speed} · {left}', hideCursor: true, clearOnComplete: true }
  const drawn = new SingleBar({ ...options, stream: process.stderr, etaBuffer: 50, barCompleteChar: '█', barIncompleteChar: '░' })
  let started = false
  return {
    show(progress) {
      const payload = { done: doneOf(progress, unit), speed: speedOf(progress, unit), left: leftOf(progress) }
      if (!started) drawn.start(progress.of ?? progress.step + 1, progress.step, payload)
      else drawn.update(progress.step, payload)
      started = true
    },
    stop: () => drawn.stop(),
  }
}

function lines(io: Io, unit: string): ProgressView {
  let next = performance.now() + betweenLinesMs
  return {
    show(progress) {
      if (performance.now() < next) return
      next = performance.now() + betweenLinesMs
      io.err(`${doneOf(progress, unit)}, ${speedOf(progress, unit)}, ${leftOf(progress)}\n`)
    },
    stop: () => undefined,
  }
}

function doneOf({ step, of }: Shown, unit: string): string {
  return of === undefined ? `${unit} ${grouped(step)}` : `${unit} ${grouped(step)} of ${grouped(of)}`
}

function speedOf({ done, elapsedMs }: Shown, unit: string): string {
  return `${grouped(elapsedMs === 0 ? 0 : (done / elapsedMs) * 1000)} ${unit}s/s`
}

function leftOf({ step, of, done, elapsedMs }: Shown): string {
  if (of === undefined || done === 0) return 'time left unknown'
  return `${duration(((of - step) * elapsedMs) / done)} left`
}
