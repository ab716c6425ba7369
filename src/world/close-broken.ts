/** Brings a run to its end whose own thread could not: it was stuck in a step, or died of too little memory. */

import { getHeapStatistics } from 'node:v8'
import { OperatorError } from '../core/index.js'
import { RunDirectory, RunOutputs } from '../storage/index.js'
import { countsOf, moreMemory } from './heap-probe.js'
import { useNodeSha256 } from './node-sha256.js'
import { planAgain } from './plan-again.js'
import { closeFailed, closeStuck } from './run-close.js'
import type { Failure } from './run-failure.js'
import { type Kept, salvage } from './salvage.js'
import { stopwatchMs } from './wall-clock.js'
import { type Broken, outOfMemory } from './worker/messages.js'

/** Makes the whole steps again from the last checkpoint, as after a failure; then throws the error that ends the run. */
export async function closeBroken(broken: Broken, signal: AbortSignal): Promise<never> {
  useNodeSha256()
  const started = stopwatchMs()
  const directory = RunDirectory.resume(broken.runDir)
  try {
    const { manifest } = directory
    const { step } = directory.loadCheckpoint()
    const { plan, codeChanged } = await planAgain({}, manifest)
    const outputs = RunOutputs.open(directory, { trading: plan.market !== undefined })
    const open = { plan, directory, outputs, manifest }
    // Another version of the file would make other steps.
    const kept = await salvage(open, { step: codeChanged ? step : (broken.again ?? step) }, signal)
    const all = kept.step === broken.whole ? kept : { ...kept, less: lessBecause(kept, broken, codeChanged) }
    const failure = failureIn(broken, all)
    throw broken.by === undefined
      ? await closeFailed(open, failure, all, new OperatorError({ what: broken.message }), started)
      : await closeStuck(open, failure, all, broken.by, started)
  } finally {
    directory.close()
  }
}

function failureIn({ message, whole, agent, place, calls }: Broken, { step, facts }: Kept): Failure {
  const full = message.endsWith(outOfMemory)
  return {
    message: full
      ? `${message}. After step ${step} it held ${countsOf(byTypeIn(facts.summary))}. ${moreMemory(heapMegabytes())}`
      : message,
    step: whole + 1,
    ...(agent === undefined ? {} : { agent }),
    ...(place === undefined ? {} : { place }),
    ...(calls === undefined ? {} : { calls: [...calls] }),
  }
}

function byTypeIn(summary: Record<string, unknown> = {}): Record<string, number> {
  const { byType = {} } = (summary.agents ?? {}) as { byType?: Record<string, number> }
  return byType
}

function heapMegabytes(): number {
  return Math.round(getHeapStatistics().heap_size_limit / 2 ** 20)
}

function lessBecause({ step, less }: Kept, { whole }: Broken, codeChanged: boolean): string {
  if (less !== undefined) return less
  const why = codeChanged ? 'the scenario file has changed since they were made' : 'the memory was too small to save them'
  return `Steps ${step + 1} to ${whole} could not be kept: ${why}.`
}
