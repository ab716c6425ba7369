/** Gives an operator's command to a live run, on this machine or through Redis, and says what came of it. */

import { existsSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { OperatorError } from '../core/index.js'
import type { GivenCommand, OperatorCommand } from '../world/index.js'
import type { Io } from './io.js'
import { runsRoot } from './runs-root.js'
import { grouped } from './text.js'
import { byRedis, untaken } from './verbs/operator.js'

/** The options that every such verb has. */
export interface ActOptions {
  readonly reason?: string
  readonly why?: string
  readonly redis?: string
  readonly scenario?: string
  readonly json?: boolean
}

const noReason = 'the operator said so'
export const longestReason = 500

/** Adds the options that every such verb has. */
export function withActOptions(command: Command): Command {
  return command
    .option('--reason <text>', `why, for the record (default: ${noReason})`)
    .addOption(new Option('--why <text>', 'as --reason').hideHelp())
    .option('--redis <url>', 'say it through Redis, to a run on another machine; leave the run out')
    .option('--scenario <name>', 'the scenario that run plays; with --redis')
    .option('--json', 'print one JSON object')
}

/** Why, as the operator said it. */
export function reasonOf({ reason, why }: ActOptions): string {
  return (reason ?? why ?? noReason).slice(0, longestReason)
}

/** The directory of the run that is meant: the one given, or the newest. */
export async function runOf(given: string | undefined): Promise<string> {
  const { liveRun } = await import('../world/live/operations/index.js')
  return liveRun(given, runsRoot())
}

/** Splits `[run] [what]`: one argument alone is the run where it is a directory, and else what is meant of the newest run. */
export function runAnd(
  first: string | undefined,
  second: string | undefined,
): { run: string | undefined; what: string | undefined } {
  if (second !== undefined || first === undefined) return { run: first, what: second }
  return existsSync(first) ? { run: first, what: undefined } : { run: undefined, what: first }
}

/** Throws where a verb that needs to know what is meant was not told. */
export function needed(what: string | undefined, expected: string): string {
  if (what !== undefined) return what
  throw new OperatorError({ what: 'what is meant', expected, got: 'a run alone', next: 'Name it after the run.' })
}

/** Gives the command, and prints what came of it. Throws where the run refused it. */
export async function act(command: OperatorCommand, run: string | undefined, options: ActOptions, io: Io): Promise<void> {
  const { redis, scenario, json } = options
  if (redis !== undefined) return byRedis({ scenario, url: redis }, command, io)
  const path = await runOf(run)
  const { actOnRun } = await import('../world/live/operations/index.js')
  const given = await actOnRun(path, command)
  const { action } = given
  if (action?.refused) throw new OperatorError({ what: `${action.command} was refused by ${path}`, got: action.outcome })
  io.out(
    json ? `${JSON.stringify({ run: path, taken: given.taken, kept: given.kept, ...action })}\n` : said(path, command, given),
  )
}

function said(path: string, command: OperatorCommand, given: GivenCommand): string {
  const { taken, action } = given
  if (!taken) return untaken(path, command.do, given)
  if (action === undefined) return `Journalled: ${command.do} of ${path}. "mycelia status" shows what comes of it.\n`
  return `Journalled: ${action.command} of ${path}.\n${action.closing.length === 0 ? `${action.outcome}\n` : closed(action.closing)}`
}

type Closing = NonNullable<GivenCommand['action']>['closing']

function closed(closing: Closing): string {
  const done = closing.flatMap(each => (each.priceUsd === null ? [] : [{ ...each, priceUsd: each.priceUsd }]))
  const waiting = closing.filter(each => each.priceUsd === null)
  const lines: string[] = []
  for (const { portfolio, pair, priceUsd, pnlUsd } of done)
    lines.push(`Closed ${portfolio} ${pair} at ${priceUsd} (P&L ${grouped(pnlUsd ?? 0, 2)} USD).`)
  for (const { portfolio, pair } of waiting) lines.push(`${portfolio} ${pair} waits for a price.`)
  return `${lines.join('\n')}\n`
}
