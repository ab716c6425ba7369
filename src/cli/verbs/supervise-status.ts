/** `mycelia supervise status` and `ack`: how a supervisor is doing, and that a person has read its P0. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { ChildStatus, SupervisorStatus } from '../../ops/index.js'
import type { Io } from '../io.js'
import { place } from '../options.js'
import { runsRoot } from '../runs-root.js'
import { duration, leftColumns } from '../text.js'

interface Options {
  out?: string
  json?: boolean
}

export function superviseStatusVerb(supervise: Command, io: Io): void {
  supervise
    .command('status')
    .summary('how the children are doing')
    .description('Prints each child with its state, its level and its faults, and what waits to be acknowledged.')
    .option('--out <folder>', 'where the supervisor keeps its record (default: runs/supervisor)', place('--out'))
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  mycelia supervise status\n  mycelia supervise status --json\n')
    .action(({ out, json }: Options) => {
      const status = statusIn(out ?? folderOf())
      io.out(json ? `${JSON.stringify(status)}\n` : statusText(status))
    })
}

export function superviseAckVerb(supervise: Command, io: Io): void {
  supervise
    .command('ack')
    .summary('acknowledge a P0, so that it is not told again')
    .description(
      'Leaves the acknowledgement for whoever sends the notices; a run that is not supervised takes it with --out RUN.',
    )
    .argument('<key>', 'the key of the notice, as "mycelia supervise status" prints it')
    .option(
      '--out <folder>',
      'where the supervisor keeps its record, or a run directory (default: runs/supervisor)',
      place('--out'),
    )
    .addHelpText('after', '\nExamples:\n  mycelia supervise ack "main crashLoop"\n')
    .action(async (key: string, { out = folderOf() }: Options) => {
      if (!existsSync(join(out, 'ops.db'))) throw nothingIn(out)
      const { acknowledge } = await import('../../ops/index.js')
      acknowledge(out, key, Date.now())
      io.out(`Left in ${out}: ${key} is acknowledged.\n`)
    })
}

function folderOf(): string {
  return join(runsRoot(), 'supervisor')
}

function statusIn(folder: string): SupervisorStatus {
  const path = join(folder, 'status.json')
  if (!existsSync(path)) throw nothingIn(folder)
  return JSON.parse(readFileSync(path, 'utf8')) as SupervisorStatus
}

function nothingIn(folder: string): OperatorError {
  const next = 'Name its folder with --out, or start one with: mycelia supervise live:main=trifecta.'
  return new OperatorError({ what: folder, expected: 'the record of a supervisor', got: 'none', next })
}

function statusText({ pid, updatedAt, children, unacknowledged }: SupervisorStatus): string {
  const rows = children.map(({ name, state, level, restarts, faults, run }: ChildStatus) => {
    return [
      name,
      state,
      level,
      String(restarts),
      faults.map(({ code, detail }) => `${code} (${detail})`).join('; ') || 'none',
      run,
    ]
  })
  const open = unacknowledged.map(({ key, text }) => `  ${key}: ${text}\n`).join('')
  return [
    `Supervisor ${pid}, heard of ${duration(Date.now() - updatedAt)} ago.\n`,
    `${leftColumns([['child', 'state', 'level', 'restarts', 'faults', 'run'], ...rows])}\n`,
    open === '' ? '' : `To be acknowledged:\n${open}`,
  ].join('')
}
