/** The command line of `mycelia`: every verb with its options, described once for the parser, the help and the documentation. */

import { Command } from 'commander'
import type { Io } from './io.js'
import { calibrateVerb } from './verbs/calibrate.js'
import { cancelVerb } from './verbs/cancel.js'
import { checkVerb } from './verbs/check.js'
import { closeVerb } from './verbs/close.js'
import { compareVerb } from './verbs/compare.js'
import { dataVerb } from './verbs/data.js'
import { doctorVerb } from './verbs/doctor.js'
import { execVerb } from './verbs/exec.js'
import { experimentVerb } from './verbs/experiment.js'
import { explainVerb } from './verbs/explain.js'
import { filmVerb } from './verbs/film.js'
import { listVerb } from './verbs/list.js'
import { liveVerb } from './verbs/live.js'
import { lockVerb } from './verbs/lock.js'
import { memoryVerb } from './verbs/memory.js'
import { newVerb } from './verbs/new.js'
import { oddVerb } from './verbs/odd.js'
import { haltVerb, resumeTradingVerb, unlockVerb } from './verbs/operator.js'
import { poolVerb } from './verbs/pool.js'
import { replayVerb } from './verbs/replay.js'
import { reportVerb } from './verbs/report.js'
import { reviewVerb } from './verbs/review.js'
import { runVerb } from './verbs/run.js'
import { scanVerb } from './verbs/scan.js'
import { serveVerb } from './verbs/serve.js'
import { setVerb } from './verbs/set.js'
import { statusVerb } from './verbs/status.js'
import { superviseVerb } from './verbs/supervise.js'
import { sweepVerb } from './verbs/sweep.js'
import { tokensVerb } from './verbs/tokens.js'
import { watchVerb } from './verbs/watch.js'
import { workerVerb } from './verbs/worker.js'

const verbs = [
  runVerb,
  sweepVerb,
  workerVerb,
  poolVerb,
  watchVerb,
  filmVerb,
  execVerb,
  liveVerb,
  replayVerb,
  statusVerb,
  superviseVerb,
  serveVerb,
  haltVerb,
  resumeTradingVerb,
  closeVerb,
  cancelVerb,
  lockVerb,
  reviewVerb,
  unlockVerb,
  setVerb,
  reportVerb,
  explainVerb,
  experimentVerb,
  memoryVerb,
  compareVerb,
  calibrateVerb,
  checkVerb,
  newVerb,
  oddVerb,
  listVerb,
  dataVerb,
  scanVerb,
  tokensVerb,
  doctorVerb,
]

/** A verb loads its modules when it is called, so that --help and a wrong option answer fast. */
export function commandLine(io: Io, version: string): Command {
  const program = new Command('mycelia')
    .description('An agent-based modelling framework, and the 121-agent market laboratory built on it.')
    .version(version)
    .showSuggestionAfterError()
    // A verb reads what follows it in its order: `sweep merge` has options of the same names as `sweep`.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: text => io.out(text), writeErr: text => io.err(text), outputError: () => undefined })
  for (const verb of verbs) verb(program, io)
  eachCommand(program, command => command.option('--debug', 'on an error, print its stack'))
  return program
}

function eachCommand(command: Command, f: (command: Command) => void): void {
  for (const child of command.commands) eachCommand(child, f)
  if (isVerb(command)) f(command)
}

/** Whether it does something itself; one that only gathers others has no arguments. */
function isVerb(command: Command): boolean {
  return command.commands.length === 0 || command.registeredArguments.length > 0
}
