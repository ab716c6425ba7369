/** `mycelia compare`: is B better than A? Runs of one seed in pairs; and the figures of single runs side by side. */

import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { canonicalJson, OperatorError } from '../../core/index.js'
import type { Comparison } from '../../report/index.js'
import type { Manifest } from '../../storage/index.js'
import { fittedTable, wrapped } from '../fitted.js'
import type { Io } from '../io.js'
import { metricRows } from '../metric-rows.js'
import { columns, grouped } from '../text.js'

interface Options {
  readonly json?: boolean
  readonly page?: string
}

/** Where there is no terminal. */
const usualWidth = 80

const examples = `
Examples:
  mycelia compare runs/trifecta/latest runs/null-market/latest
  mycelia compare runs/schelling runs/schelling-tolerant --page compare.html
`

export function compareVerb(program: Command, io: Io): void {
  program
    .command('compare')
    .summary('is B better than A? runs in pairs, or side by side')
    .description(
      'Compares two runs, or two folders of runs: those of one seed are pairs, and each figure’s difference B − A has a 95 % interval over the seeds. Single runs stand side by side too, with the parameters in which they differ.',
    )
    .argument('<run...>', 'run directories, or two folders that hold some')
    .option('--page <file>', 'of two: write the comparison as a page, with the columns of the models')
    .option('--json', 'print one JSON object')
    .addHelpText('after', examples)
    .action((paths: string[], options: Options) => compareAction(paths, options, io))
}

async function compareAction(paths: string[], { json, page }: Options, io: Io): Promise<void> {
  const { comparedRuns, comparisonPage, compareRuns } = await import('../../report/index.js')
  const sides = await Promise.all(paths.map(comparedRuns))
  const isEachOne = paths.every(path => existsSync(join(path, 'manifest.json')))
  const [a, b] = sides
  const two = a !== undefined && b !== undefined && sides.length === 2 ? { a, b, comparison: compareRuns(a, b) } : undefined
  if (two === undefined && (!isEachOne || page !== undefined)) throw notTwo(paths)
  if (two !== undefined && page !== undefined) {
    const { writeAtomic } = await import('../../storage/index.js')
    writeAtomic(page, comparisonPage({ ...two, names: [nameOf(paths[0]), nameOf(paths[1])] }))
  }
  const runs = sides.flat().map(({ manifest }) => manifest)
  if (json) {
    io.out(
      `${JSON.stringify({ runs: runs.map(asJson), differences: differences(runs), ...(two && { comparison: two.comparison }) })}\n`,
    )
    return
  }
  const width = io.size?.columns ?? usualWidth
  if (isEachOne) io.out(blocks(sideBySide(runs, paths), width))
  if (two !== undefined) io.out(`${isEachOne ? '\n' : ''}${await comparisonText(two.comparison, paths, width)}`)
}

function notTwo(paths: readonly string[]): OperatorError {
  return new OperatorError({ what: 'folders of runs, or a page', expected: 'two to compare', got: paths.length })
}

/** `latest` says nothing of a run: the folder above it does. */
function nameOf(path = ''): string {
  const name = basename(path)
  return name === 'latest' ? `${basename(join(path, '..'))}/latest` : name
}

function asJson({ runId, status, summary, parameters }: Manifest): Record<string, unknown> {
  return { runId, status, parameters, ...summary }
}

async function comparisonText(comparison: Comparison, paths: readonly string[], width: number): Promise<string> {
  const { verdictOf } = await import('../../report/index.js')
  const { figures, parameters, seeds } = comparison
  const shown = (value: number | null) => (value === null ? '–' : String(Number(value.toPrecision(4))))
  const column = (head: string, keep: number, cells: readonly string[], align: 'left' | 'right' = 'right') => ({
    head,
    keep,
    cells,
    align,
  })
  const table = fittedTable(
    [
      column(
        'figure',
        9,
        figures.map(({ figure }) => figure),
        'left',
      ),
      column(
        'A',
        6,
        figures.map(({ a }) => shown(a)),
      ),
      column(
        'B',
        6,
        figures.map(({ b }) => shown(b)),
      ),
      column(
        'B − A',
        8,
        figures.map(({ difference }) => shown(difference)),
      ),
      column(
        '± 95 %',
        7,
        figures.map(({ half }) => shown(half)),
      ),
      column(
        'pairs',
        2,
        figures.map(({ pairs }) => String(pairs)),
      ),
      column(
        '',
        5,
        figures.map(({ isBeyondChance }) => (isBeyondChance === true ? '*' : '')),
      ),
    ],
    width,
  )
  const starred = seeds.length > 1 ? '* differs by more than chance\n' : ''
  const moved = blocks([['parameters', 'A', 'B'], ...parameters.map(({ name, a, b }) => [`  ${name}`, a, b])], width)
  const head = wrapped(`A ${nameOf(paths[0])}, B ${nameOf(paths[1])}. ${verdictOf(comparison).join(' ')}`, width)
  return `${head.trimEnd()}\n\n${table}${starred}${parameters.length === 0 ? '' : `\n${moved}`}`
}

function sideBySide(runs: readonly Manifest[], paths: readonly string[]): string[][] {
  const rows = [['', ...paths.map(nameOf)], ...figuresOf(runs)]
  for (const portfolio of ['baseline', 'mycelial', 'synthesized', 'buyAndHold']) {
    const found = metricRows(runs.map(run => portfolioOf(run, portfolio)))
    if (found.length > 0) rows.push([portfolio], ...found.map(([name, ...cells]) => [`  ${name}`, ...cells]))
  }
  const different = Object.entries(differences(runs))
  if (different.length > 0) rows.push(['parameters'])
  for (const [name, values] of different) rows.push([`  ${name}`, ...values.map(value => JSON.stringify(value) ?? '–')])
  return rows
}

/** As many columns beside each other as the width has room for, the others below; a cell that has none is cut. */
function blocks(rows: readonly (readonly string[])[], width: number): string {
  const gap = 2
  const first = Math.min(Math.max(...rows.map(([name = '']) => name.length)), width >> 1)
  const cut = (cell: string, room: number) => (cell.length <= room ? cell : `${cell.slice(0, room - 1)}…`)
  const count = Math.max(...rows.map(({ length }) => length)) - 1
  const room = (i: number) => Math.min(Math.max(...rows.map(row => row[i + 1]?.length ?? 0)), width - first - gap)
  const texts: string[] = []
  for (let from = 0; from < count || from === 0; ) {
    let [until, taken] = [from, first]
    while (until < count && (until === from || taken + gap + room(until) <= width)) taken += gap + room(until++)
    const shown = Array.from({ length: until - from }, (_, i) => from + i)
    texts.push(columns(rows.map(row => [cut(row[0] ?? '', first), ...shown.map(i => cut(row[i + 1] ?? '', room(i)))])))
    from = Math.max(until, from + 1)
  }
  return texts.join('\n')
}

function figuresOf(runs: readonly Manifest[]): string[][] {
  const patterns = (run: Manifest) => (run.summary.patterns as { approved?: number } | undefined)?.approved
  const rows: [string, (run: Manifest) => string][] = [
    ['scenario', run => run.scenario],
    ['status', run => run.status],
    ['seed', run => String(run.seed)],
    ['steps', run => grouped(run.steps)],
    ['digest', run => run.digest?.slice(0, 12) ?? '–'],
    ['patterns approved', run => String(patterns(run) ?? '–')],
  ]
  return rows.map(([name, show]) => [name, ...runs.map(show)])
}

function portfolioOf({ summary }: Manifest, portfolio: string): Record<string, unknown> {
  const all = { ...(summary.portfolios as object | undefined), buyAndHold: summary.buyAndHold } as Record<string, unknown>
  return (all[portfolio] ?? {}) as Record<string, unknown>
}

/** Parameters that are not the same in all runs, each with its value per run. */
function differences(runs: readonly Manifest[]): Record<string, unknown[]> {
  const names = new Set(runs.flatMap(run => Object.keys(run.parameters)))
  const all = [...names].map((name): [string, unknown[]] => [name, runs.map(run => run.parameters[name] ?? null)])
  return Object.fromEntries(all.filter(([, values]) => new Set(values.map(canonicalJson)).size > 1))
}
