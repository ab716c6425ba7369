/** How a command ends: its message and its exit code. */

import { inspect } from 'node:util'
import { CommanderError } from 'commander'
import { asSentence, MyceliaError, OperatorError } from '../core/index.js'
import type { Interrupted, RunFailed } from '../world/index.js'
import { type Flags, withFlags } from './flags.js'
import type { Io } from './io.js'
import { shortest } from './text.js'

export const exitCodes = { ok: 0, failed: 1, badUsage: 2, SIGINT: 130, SIGTERM: 143 } as const

/** Prints the error as one sentence, with the stack only under `--debug`, and returns the exit code. */
export async function endWith(error: unknown, io: Io, debug: boolean, flags: Flags): Promise<number> {
  if (error instanceof CommanderError) return endUsage(error, io)
  const kinds = await import('../world/run-errors.js')
  const interrupted = error instanceof kinds.Interrupted ? error : undefined
  const failed = error instanceof kinds.RunFailed ? error : undefined
  const said = interrupted ? afterStop(interrupted) : failed ? afterFailure(failed) : sentence(error)
  io.err(`mycelia: ${withFlags(said, flags)}\n`)
  if (debug) io.err(`${inspect(error)}\n`)
  const { SweepInterrupted } = await import('../experiment/sweep-errors.js')
  const stopped = error instanceof kinds.StoppedInSetUp || error instanceof SweepInterrupted
  const by = interrupted?.by ?? (stopped ? error.by : undefined)
  if (by !== undefined) return by === 'SIGTERM' ? exitCodes.SIGTERM : exitCodes.SIGINT
  return error instanceof OperatorError ? exitCodes.badUsage : exitCodes.failed
}

function afterStop(error: Interrupted): string {
  return `${error.message} ${error.stuck === undefined ? 'Go on' : 'Mend the file, then go on'} with: ${resumeCommand(error)}`
}

function afterFailure(error: RunFailed): string {
  const said = asSentence(error.message)
  const kept =
    error.kept === undefined ? 'The run can continue from its last checkpoint.' : `Everything up to step ${error.kept} is kept.`
  return `${said} ${kept} ${error.inOwnFile ? 'Mend the file, then go on' : 'Go on'} with: ${resumeCommand(error)}`
}

/** How each verb continues a run. */
const continued = { run: 'mycelia run --resume', live: 'mycelia live --out' } as const

function resumeCommand({ verb, runDir }: Interrupted | RunFailed): string {
  const path = shortest(runDir)
  return `${continued[verb]} ${/^[\w./-]+$/.test(path) ? path : `'${path}'`}`
}

function sentence(error: unknown): string {
  if (error instanceof MyceliaError) return error.message
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return `unexpected ${said.split('\n')[0]} Run again with --debug for the stack.`
}

/** Commander has printed help already; its errors become one sentence. */
function endUsage(error: CommanderError, io: Io): number {
  if (error.exitCode === 0) return exitCodes.ok
  const said = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ')
  if (error.code !== 'commander.help') io.err(`mycelia: ${said}${/[.!?)]$/.test(said) ? '' : '.'} See mycelia --help.\n`)
  return exitCodes.badUsage
}
