/** The command line: its verbs, one file each, and how a command begins and ends. */

import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { endWith, exitCodes } from './exit.js'
import { type Flags, flagsOf } from './flags.js'
import { type Io, processIo } from './io.js'
import { compareVerb } from './verbs/compare.js'
import { dataVerb } from './verbs/data.js'
import { doctorVerb } from './verbs/doctor.js'
import { listVerb } from './verbs/list.js'
import { liveVerb } from './verbs/live.js'
import { haltVerb, resumeTradingVerb } from './verbs/operator.js'
import { replayVerb } from './verbs/replay.js'
import { reportVerb } from './verbs/report.js'
import { runVerb } from './verbs/run.js'
import { statusVerb } from './verbs/status.js'

const verbs = [
  runVerb,
  liveVerb,
  replayVerb,
  statusVerb,
  haltVerb,
  resumeTradingVerb,
  reportVerb,
  compareVerb,
  listVerb,
  dataVerb,
  doctorVerb,
]

/** Runs one command; `argv` without node and script. Resolves to the exit code. */
export async function main(argv: readonly string[], io: Io = processIo()): Promise<number> {
  const debug = argv.includes('--debug')
  let flags: Flags = new Map()
  try {
    if (debug) process.setSourceMapsEnabled(true)
    if (existsSync('.env')) process.loadEnvFile('.env')
    const { packageManifest } = await import('../world/package-info.js')
    const program = commandLine(io, packageManifest().version)
    flags = flagsOf(program)
    await program.parseAsync(argv, { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    return await endWith(error, io, debug, flags)
  }
}

/** Verbs load the rooms they need when they are called: a wrong option, or --help, is answered at once. */
function commandLine(io: Io, version: string): Command {
  const program = new Command('mycelia')
    .description('An agent-based modelling framework, and the 121-agent market laboratory built on it.')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ writeOut: text => io.out(text), writeErr: text => io.err(text), outputError: () => undefined })
  for (const verb of verbs) verb(program, io)
  eachCommand(program, command => command.option('--debug', 'on an error, print its stack'))
  return program
}

function eachCommand(command: Command, f: (command: Command) => void): void {
  for (const child of command.commands) eachCommand(child, f)
  if (command.commands.length === 0) f(command)
}
