/** `mycelia halt`, `resume-trading` and `unlock`: commands to a live run. They are journalled, and survive a restart. */

import type { Command } from 'commander'
import { OperatorError, unknownName } from '../../core/index.js'
import type { Halt } from '../../trading/index.js'
import type { OperatorCommand } from '../../world/index.js'
import type { Io } from '../io.js'
import { runsRoot } from '../runs-root.js'

type Lock = Pick<Halt, 'id' | 'kind' | 'portfolio'>

interface Options {
  reason: string
  redis?: string
  scenario?: string
}

export function haltVerb(program: Command, io: Io): void {
  operatorVerb(program, io, {
    name: 'halt',
    does: 'halt',
    summary: 'stop all entries of a live run',
    description: 'No portfolio enters anything until "mycelia resume-trading"; exits continue. The halt survives a restart.',
  })
}

export function resumeTradingVerb(program: Command, io: Io): void {
  operatorVerb(program, io, {
    name: 'resume-trading',
    does: 'resume',
    summary: 'end the halts of a live run',
    description: "Ends the operator's halt, and every portfolio's drawdown halt, with its peak re-based.",
  })
}

export function unlockVerb(program: Command, io: Io): void {
  program
    .command('unlock')
    .summary('end one lock of a live run')
    .description(
      'Ends a lock by its id, which "mycelia status" prints. What a rule still sees of the account then begins no other lock before it is over, or before the instant at which this one would have ended. A rule that begins locks with a trade, a bar or a fill begins another with the next that reaches its limit.',
    )
    .argument('<lock>', 'the id of a lock in force')
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .option('--reason <text>', 'why, for the record', 'the operator said so')
    .addHelpText('after', '\nExamples:\n  mycelia unlock synthesized:equityFloor:all:1704067200000 --reason "capital added"\n')
    .action(async (id: string, run: string | undefined, { reason }: Options) => {
      const { liveRun } = await import('../../world/live/operations/index.js')
      const path = liveRun(run, runsRoot())
      const locks = await locksOf(path)
      const lock = locks.find(each => each.id === id)
      if (lock === undefined) {
        throw unknownName(
          'lock in force',
          id,
          locks.map(each => each.id),
        )
      }
      assertEndable(lock, locks)
      await say(path, { do: 'unlock', id, reason: reason.slice(0, 500) }, `unlock ${id}`, io)
    })
}

/** A drawdown ends with a new peak, for which equity must be known. */
export function assertEndable({ id, kind, portfolio }: Lock, locks: readonly Lock[]): void {
  if (kind === 'uncomputable') throw onlyByPrice(id, 'one of a loss that cannot be computed', 'It ends with')
  if (kind === 'drawdown' && isUnseen(portfolio, locks))
    throw onlyByPrice(id, 'a drawdown while equity cannot be computed, so that the peak cannot be set again', 'Try again after')
}

function isUnseen(portfolio: string, locks: readonly Lock[]): boolean {
  return locks.some(lock => lock.kind === 'uncomputable' && lock.portfolio === portfolio)
}

/** The drawdown halts that no order to resume ends now, in a sentence; empty: none. */
export function haltsThatStay(locks: readonly Lock[]): string {
  const stay = locks.filter(({ kind, portfolio }) => kind === 'drawdown' && isUnseen(portfolio, locks))
  const names = stay.map(({ portfolio }) => portfolio).join(', ')
  return stay.length === 0 ? '' : `Drawdown halts that stay, because equity cannot be computed without a price: ${names}.\n`
}

function onlyByPrice(id: string, got: string, when: string): OperatorError {
  return new OperatorError({
    what: `ending the lock ${id}`,
    expected: 'a lock that an operator may end',
    got,
    next: `${when} the next price of the held pair.`,
  })
}

/** The locks in force, as the run last wrote them. */
async function locksOf(path: string): Promise<readonly Lock[]> {
  const { readStatus } = await import('../../world/live/operations/index.js')
  return readStatus(path).flatMap(({ status }) => status?.halts ?? [])
}

/** Leaves a command for a run on this machine, and says whether the run has taken it. */
async function say(path: string, command: OperatorCommand, name: string, io: Io): Promise<void> {
  const { commandRun } = await import('../../world/live/operations/index.js')
  const given = await commandRun(path, command)
  io.out(given.taken ? `Journalled: ${name} of ${path}.\n` : untaken(path, name, given))
}

/** What becomes of a command that no tick has taken yet. */
export function untaken(path: string, name: string, { kept }: { readonly kept: boolean }): string {
  return kept
    ? `Kept by ${path}: ${name}. It waits for the exchange; the command acts at its first tick, before anything is traded. "mycelia status" shows what comes of it.\n`
    : `Left for ${path}: no process has taken it; the command counts once one goes on with the run.\n`
}

interface Verb {
  readonly name: string
  readonly does: 'halt' | 'resume'
  readonly summary: string
  readonly description: string
}

function operatorVerb(program: Command, io: Io, { name, does, summary, description }: Verb): void {
  program
    .command(name)
    .summary(summary)
    .description(description)
    .argument('[run]', 'the directory of a live run (default: the newest)')
    .option('--reason <text>', 'why, for the record', 'the operator said so')
    .option('--redis <url>', 'say it through Redis, to a run on another machine; MYCELIA_OPERATOR_TOKEN proves it')
    .option('--scenario <name>', 'the scenario that run plays; with --redis')
    .addHelpText(
      'after',
      `\nExamples:\n  mycelia ${name} --reason "news at eight"\n  mycelia ${name} --redis redis://vega:6379 --scenario trifecta\n`,
    )
    .action(async (run: string | undefined, { reason, redis, scenario }: Options) => {
      const command = { do: does, reason: reason.slice(0, 500) }
      if (redis !== undefined) return byRedis({ scenario, url: redis }, command, io)
      const { liveRun } = await import('../../world/live/operations/index.js')
      const path = liveRun(run, runsRoot())
      await say(path, command, name, io)
      if (does === 'resume') io.out(haltsThatStay(await locksOf(path)))
    })
}

/** Publishes a command to the run of a scenario on another machine. */
export async function byRedis(
  to: { scenario: string | undefined; url: string },
  command: OperatorCommand,
  io: Io,
): Promise<void> {
  const { scenario, url } = to
  if (scenario === undefined) {
    throw new OperatorError({ what: '--redis', expected: '--scenario with it', next: 'Add --scenario trifecta, or what it is.' })
  }
  const { commandByRedis } = await import('../../world/live/operations/index.js')
  await commandByRedis({ scenario, url }, command, process.env)
  io.out(
    'Said on system-control. No answer comes back through Redis: "mycelia status" on the run\'s machine, its live.log and its notices say what came of it.\n',
  )
}
