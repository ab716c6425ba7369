/** Errors as plain data: another thread gets them with their kind, on which the exit code depends. */

import { inspect } from 'node:util'
import { MyceliaError, OperatorError } from '../../core/index.js'
import { Interrupted, RunFailed } from '../run-errors.js'

export interface CrossedError {
  readonly kind: 'interrupted' | 'failed' | 'operator' | 'mycelia' | 'other'
  readonly name: string
  readonly message: string
  /** Stack and causes, as `inspect` shows them. */
  readonly shown: string
  readonly interrupted?: {
    readonly by: string
    readonly step: number
    readonly runDir: string
    readonly stuck: string | undefined
  }
  readonly failed?: { readonly runDir: string; readonly kept: number | undefined; readonly inOwnFile: boolean }
}

export function packed(error: unknown): CrossedError {
  if (!(error instanceof Error)) return { kind: 'other', name: 'Error', message: String(error), shown: inspect(error) }
  const all = { name: error.name, message: error.message, shown: inspect(error) }
  if (error instanceof Interrupted) {
    const { by, step, runDir, stuck } = error
    return { ...all, kind: 'interrupted', interrupted: { by, step, runDir, stuck } }
  }
  if (error instanceof RunFailed) {
    const { runDir, kept, inOwnFile } = error
    return { ...all, kind: 'failed', failed: { runDir, kept, inOwnFile } }
  }
  return { ...all, kind: error instanceof OperatorError ? 'operator' : error instanceof MyceliaError ? 'mycelia' : 'other' }
}

export function unpacked(crossed: CrossedError): Error {
  const error = rebuilt(crossed)
  error.name = crossed.name
  error.message = crossed.message
  error.stack = crossed.shown
  return error
}

function rebuilt({ kind, message, interrupted, failed }: CrossedError): Error {
  if (interrupted !== undefined)
    return new Interrupted(interrupted.by, interrupted.step, interrupted.runDir, 'run', interrupted.stuck)
  if (failed !== undefined) {
    const { runDir, inOwnFile, kept } = failed
    return new RunFailed(runDir, undefined, 'run', { message, inOwnFile, ...(kept === undefined ? {} : { kept }) })
  }
  if (kind === 'operator') return new OperatorError({ what: message })
  return kind === 'mycelia' ? new MyceliaError(message) : new Error(message)
}
