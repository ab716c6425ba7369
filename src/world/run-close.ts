/** The end of a run that was stopped or failed: what is kept, the manifest and report that tell of it, the error that is thrown. */

import { asSentence, MyceliaError } from '../core/index.js'
import { writeReport } from '../report/index.js'
import type { Manifest, RunDirectory, RunOutputs } from '../storage/index.js'
import { Interrupted, RunFailed } from './run-errors.js'
import type { Failure } from './run-failure.js'
import type { OpenRun } from './run-in-progress.js'
import { ended, tryWriteManifest } from './run-record.js'
import type { Kept } from './salvage.js'
import { stopwatchMs } from './wall-clock.js'

/** An interrupted run keeps its rows as they are: it is made to go on. */
export function closeInterrupted(
  { directory, manifest, plan, outputs }: OpenRun,
  error: Interrupted,
  started: number,
): Interrupted {
  const wallTimeMs = Math.round(stopwatchMs() - started)
  tryWriteManifest(directory, {
    ...ended(manifest, { status: 'interrupted', steps: error.step, wallTimeMs }),
    request: plan.request,
    ended: { by: 'signal', why: `stopped by ${error.by} at step ${error.step}` },
  })
  shutdown(outputs, directory)
  return error
}

/** Records a failure and what was kept; the report shows both. Returns the error to throw. */
export async function closeFailed(
  open: OpenRun,
  failure: Failure,
  kept: Kept,
  cause: unknown,
  started: number,
): Promise<RunFailed> {
  const less = kept.less === undefined ? '' : ` ${kept.less}`
  const message = `${asSentence(failure.message)}${less}`
  const end = { status: 'failed', ended: { by: 'error', why: message } } as const
  await closeEarly(open, { ...failure, message }, kept, started, end)
  return new RunFailed(open.directory.path, cause, 'run', { message, kept: kept.step, inOwnFile: isInOwnFile(open, failure) })
}

/** Records a step that did not end, and was stopped. Returns the error to throw. */
export async function closeStuck(open: OpenRun, failure: Failure, kept: Kept, by: string, started: number): Promise<Interrupted> {
  const end = { status: 'interrupted', ended: { by: 'signal', why: `stopped by ${by}: ${failure.message}` } } as const
  await closeEarly(open, failure, kept, started, end)
  return new Interrupted(by, kept.step, open.directory.path, 'run', failure.message)
}

async function closeEarly(
  open: OpenRun,
  failure: Failure,
  kept: Kept,
  started: number,
  end: Pick<Manifest, 'status' | 'ended'>,
): Promise<void> {
  const { directory, manifest, plan, outputs } = open
  tryWriteManifest(directory, {
    ...ended(manifest, { status: end.status, steps: kept.step, wallTimeMs: Math.round(stopwatchMs() - started) }),
    ...kept.facts,
    request: plan.request,
    outputs: outputs.outputs(),
    records: outputs.records(),
    ended: end.ended,
    error: { ...failure, kept: kept.step, next: nextMove(open, failure) },
  })
  await closeWithReport(open)
}

function isInOwnFile({ plan }: OpenRun, { place }: Failure): boolean {
  return place !== undefined || plan.request.code !== undefined
}

function nextMove(open: OpenRun, failure: Failure): string {
  return isInOwnFile(open, failure) ? 'Mend the file, then resume the run.' : 'Resume the run.'
}

async function closeWithReport({ outputs, directory }: OpenRun): Promise<void> {
  shutdown(outputs, directory)
  try {
    await writeReport(directory.path)
  } catch {
    // The failure that ended the run is the one to report; `mycelia report` says why there is no page.
  }
}

/** A report that fails does not fail the run: `mycelia report` can make it later. */
export async function reportOf(path: string): Promise<void> {
  try {
    await writeReport(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new MyceliaError(`The run is finished, but not its report: ${why} Try again with: mycelia report ${path}`, { cause })
  }
}

/** Storage that failed may fail again when it is closed; only the first failure is reported. */
export function shutdown(outputs: RunOutputs, directory: RunDirectory): void {
  try {
    outputs.close()
  } catch {
    // Reported already, or nothing was left to write.
  }
  directory.close()
}

/** The manifest of a run that goes on: what told of its earlier end is gone. */
export function goingOn(manifest: Manifest, request: Manifest['request']): Manifest {
  const { ended: _, error: __, ...rest } = manifest
  return { ...rest, status: 'running', request }
}
