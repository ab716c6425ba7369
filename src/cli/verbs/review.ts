/** `mycelia review`: what waits for a reviewer in a run of launches, and orders about it as rows of a table. */

import { appendFileSync, existsSync } from 'node:fs'
import type { Command } from 'commander'
import { OperatorError } from '../../core/index.js'
import type { Io } from '../io.js'
import { longestReason } from '../operator-act.js'
import { place } from '../options.js'

interface Options {
  approve?: string[]
  refuse?: string[]
  blacklist?: string[]
  stop?: string[]
  reason: string
  to?: string
  json?: boolean
}

const examples = `
Examples:
  mycelia review runs/token-launch/latest
  mycelia review runs/token-launch/latest --approve R12 --to orders.csv
  mycelia review runs/token-launch/latest --blacklist Creator-3 TOKEN-17 --reason "sold at once" --to orders.csv
  mycelia review runs/token-launch/latest --stop early --to orders.csv

The rows are the parameter "orders" of the scenario: in a file for --config, the run that is made again obeys each at its time. In a
run that is watched the operator's bar gives the same orders at once.
`

export function reviewVerb(program: Command, io: Io): void {
  program
    .command('review')
    .summary('list what waits for a reviewer, and answer it')
    .description(
      'Lists decisions that were nearly sure enough and tokens that were paused, with what became of them; with --approve, --refuse, --blacklist or --stop it writes orders about them.',
    )
    .argument('<run>', 'the directory of a run of launches')
    .option('--approve <ids...>', 'let these pass')
    .option('--refuse <ids...>', 'keep these out')
    .option('--blacklist <names...>', 'keep tokens and creators out for good')
    .option('--stop <names...>', 'stop all, a phase, a token or a creator')
    .option('--reason <text>', 'why, for the record', 'a reviewer said so')
    .option('--to <file>', 'the table of orders that rows are added to (default: the terminal)', place('--to'))
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', examples)
    .action((run: string, options: Options) => reviewAction(run, options, io))
}

async function reviewAction(run: string, options: Options, io: Io): Promise<void> {
  const { readReviews } = await import('../../report/index.js')
  const found = await readReviews(run)
  if (found === undefined)
    throw new OperatorError({ what: 'a review', expected: 'a run with users, such as token-launch', got: run })
  const { reviews, end } = found
  const rows = rowsOf(options, reviews, end)
  if (rows.length === 0) {
    for (const review of reviews) io.out(options.json ? `${JSON.stringify(review)}\n` : `${lineOf(review)}\n`)
    if (reviews.length === 0 && !options.json) io.out('Nothing waited for a reviewer.\n')
    return
  }
  write(rows, options.to, io)
}

type Reviews = NonNullable<Awaited<ReturnType<typeof import('../../report/index.js').readReviews>>>['reviews']

function lineOf({ id, time, token, kind, confidence, status }: Reviews[number]): string {
  const sure = confidence === null ? '' : `, confidence ${Number(confidence.toPrecision(3))}`
  return `${id}  ${new Date(time).toISOString()}  ${token}  ${kind}${sure}: ${status}`
}

/** Answers come a millisecond after the review began to wait; what concerns everything, at the end of the run. */
function rowsOf(
  { approve = [], refuse = [], blacklist = [], stop = [], reason }: Options,
  reviews: Reviews,
  end: number,
): string[] {
  const why = cell(reason.slice(0, longestReason))
  const row = (time: number, act: string, what: string) => `${new Date(time).toISOString()},${act},${cell(what)},${why}`
  const answer = (act: string) => (id: string) => {
    const review = reviews.find(each => each.id === id)
    if (review === undefined)
      throw new OperatorError({
        what: `the review "${id}"`,
        expected: reviews.map(each => each.id).join(', ') || 'none',
        got: id,
      })
    return row(review.time + 1, act, id)
  }
  return [
    ...approve.map(answer('approve')),
    ...refuse.map(answer('refuse')),
    ...(blacklist.length === 0 ? [] : [row(end, 'blacklist', blacklist.join(' '))]),
    ...stop.map(name => row(end, 'stop', name)),
  ]
}

function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""').replaceAll('\n', ' ')}"` : text
}

function write(rows: readonly string[], to: string | undefined, io: Io): void {
  const header = 'at,do,what,reason\n'
  const text = `${rows.join('\n')}\n`
  if (to === undefined) io.out(header + text)
  else appendFileSync(to, (existsSync(to) ? '' : header) + text)
}
