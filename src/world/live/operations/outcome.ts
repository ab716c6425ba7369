/** What came of a command: given to a run on this machine, and followed until the run says what it did. */

import type { OperatorAction } from '../../../agents/index.js'
import { pause, systemClock } from '../../../feed/index.js'
import type { OperatorCommand } from '../operator-command.js'
import { commandRun, readStatus } from './operator.js'

/** A command that was given, and what is known of it. */
export interface GivenCommand {
  /** Whether the run has it in its journal; else it counts from the run's first tick, or its next start. */
  readonly taken: boolean
  /** Whether a run that is not live yet, because the exchange is away, has said that it keeps it for its first tick. */
  readonly kept: boolean
  /** Undefined: the run has not said what it did. */
  readonly action: OperatorAction | undefined
}

/** How long a close is followed, ms. */
const closeMs = 5_000
const pollMs = 50

/** Gives a command to a run, and waits until it is journalled and the run says what came of it; a close, until its prices are there. */
export async function actOnRun(run: string, command: OperatorCommand, waitMs = closeMs): Promise<GivenCommand> {
  const clock = systemClock()
  const { key, taken, kept } = await commandRun(run, command)
  if (!taken) return { taken, kept, action: undefined }
  const until = clock.monotonic() + waitMs
  let action = actionOf(run, key)
  while (clock.monotonic() < until && (action === undefined || action.closing.some(({ priceUsd }) => priceUsd === null))) {
    await pause(clock, pollMs)
    action = actionOf(run, key)
  }
  return { taken, kept, action }
}

function actionOf(run: string, key: string): OperatorAction | undefined {
  return readStatus(run)
    .flatMap(({ status }) => status?.commands ?? [])
    .find(action => action.key === key)
}
