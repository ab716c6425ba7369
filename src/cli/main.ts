/** How a command begins and ends: its arguments in, its exit code out. */

import { existsSync } from 'node:fs'
import { commandLine } from './command-line.js'
import { endWith, exitCodes } from './exit.js'
import { type Flags, flagsOf } from './flags.js'
import { type Io, processIo } from './io.js'

/** Runs one command; `argv` without node and script. Resolves to the exit code. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const debug = ownArguments(argv).includes('--debug')
  let flags: Flags = new Map()
  try {
    if (debug) process.setSourceMapsEnabled(true)
    if (existsSync('.env')) process.loadEnvFile('.env')
    const { packageManifest } = await import('../world/package-info.js')
    const program = commandLine(io, packageManifest().version)
    flags = flagsOf(program)
    await program.parseAsync(argv, { from: 'user' })
    return typeof process.exitCode === 'number' ? process.exitCode : exitCodes.ok // a script may have said how it ended
  } catch (error) {
    return await endWith(error, io, debug, flags)
  }
}

/** What stands after `--` belongs to a script. */
function ownArguments(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end < 0 ? argv : argv.slice(0, end)
}
