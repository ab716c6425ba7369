/** The progress of a run on standard error: a bar with its ETA on a terminal, a plain line every few seconds elsewhere. */

import { SingleBar } from 'cli-progress'
import type { Progress } from '../world/index.js'
import type { Io } from './io.js'
import { duration, grouped } from './text.js'

const betweenLinesMs = 5_000

export interface ProgressView {
  show(progress: Progress): void
  stop(): void
}

export function progressView(io: Io): ProgressView {
  return io.interactive ? bar() : lines(io)
}

function bar(): ProgressView {
  const options = { format: '{bar} {percentage} % · {done} · {speed} · {left}', hideCursor: true, clearOnComplete: true }
  const drawn = new SingleBar({ ...options, stream: process.stderr, etaBuffer: 50, barCompleteChar: '█', barIncompleteChar: '░' })
  let started = false
  return {
    show(progress) {
      const payload = { done: stepsOf(progress), speed: speedOf(progress), left: leftOf(progress) }
      if (!started) drawn.start(progress.of ?? progress.step + 1, progress.step, payload)
      else drawn.update(progress.step, payload)
      started = true
    },
    stop: () => drawn.stop(),
  }
}

function lines(io: Io): ProgressView {
  let next = performance.now() + betweenLinesMs
  return {
    show(progress) {
      if (performance.now() < next) return
      next = performance.now() + betweenLinesMs
      io.err(`${stepsOf(progress)}, ${speedOf(progress)}, ${leftOf(progress)}\n`)
    },
    stop: () => undefined,
  }
}

function stepsOf({ step, of }: Progress): string {
  return of === undefined ? `step ${grouped(step)}` : `step ${grouped(step)} of ${grouped(of)}`
}

function speedOf({ done, elapsedMs }: Progress): string {
  return `${grouped(elapsedMs === 0 ? 0 : (done / elapsedMs) * 1000)} steps/s`
}

function leftOf({ step, of, done, elapsedMs }: Progress): string {
  if (of === undefined || done === 0) return 'time left unknown'
  return `${duration(((of - step) * elapsedMs) / done)} left`
}
