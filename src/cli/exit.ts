/** How a command ends: what is said and with which exit code (architecture §7). */

import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { MyceliaError, OperatorError } from '../core/index.js'
import { Interrupted, RunFailed } from '../world/index.js'
import type { Io } from './io.js'

export const exitCodes = { ok: 0, failed: 1, badUsage: 2, SIGINT: 130, SIGTERM: 143 } as const

/** Says what went wrong in one sentence, the stack only with `--debug`, and gives the exit code. */
export function endWith(error: unknown, io: Io, debug: boolean): number {
  if (error instanceof CommanderError) return endUsage(error, io)
  io.err(`mycelia: ${sentence(error)}\n`)
  if (debug) io.err(`${inspect(error)}\n`)
  return codeOf(error)
}

function codeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.by === 'SIGTERM' ? exitCodes.SIGTERM : exitCodes.SIGINT
  return error instanceof OperatorError ? exitCodes.badUsage : exitCodes.failed
}

function sentence(error: unknown): string {
  if (error instanceof Interrupted) return `${error.message} ${resumeWith(error.runDir)}`
  if (error instanceof RunFailed)
    return `${error.message.replace(/[^.!?)]$/, '$&.')} The run can go on from its last checkpoint. ${resumeWith(error.runDir)}`
  if (error instanceof MyceliaError) return error.message
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `unexpected ${said.split('\n')[0]} Run again with --debug for the stack.`
}

function resumeWith(runDir: string): string {
  return `Go on with: mycelia run --resume ${/^[\w./-]+$/.test(runDir) ? runDir : `'${runDir}'`}`
}

/** Commander has printed help already; its errors become one sentence. */
function endUsage(error: CommanderError, io: Io): number {
  if (error.exitCode === 0) return exitCodes.ok
  const said = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  if (error.code !== 'commander.help') io.err(`mycelia: ${said}${/[.!?)]$/.test(said) ? '' : '.'} See mycelia --help.\n`)
  return exitCodes.badUsage
}
