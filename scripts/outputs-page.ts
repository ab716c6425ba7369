/** The page about the outputs of a run, generated from the descriptions that also define the files. */

import { swarmTables } from '../src/agents/index.js'
import type { ColumnDescription } from '../src/core/index.js'
import { inputColumns, type Simulation } from '../src/model/index.js'
import { constantColumns } from '../src/storage/parquet-file.js'
import { databases } from '../src/storage/schema.js'
import { declarationOf, type SqlColumn, type SqlTable } from '../src/storage/sql-table.js'

const parquetTypes = { real: 'DOUBLE', integer: 'BIGINT', text: 'VARCHAR', boolean: 'BOOLEAN', time: 'TIMESTAMP' } as const

const head = `# What a run writes

This page is made from the descriptions that the files are made from: \`npm run outputs\`.

A run's directory, \`runs/<scenario>/<run-id>/\`, holds \`report.html\`, \`manifest.json\` (parameters, seed, versions, digest, the hash of each
table), \`last-state.frame\` (what a viewer saw at the end, for the report), the last checkpoints, one Parquet file a table and, where it trades, two SQLite databases and \`decisions.chain.json\`. A live
run has the folder \`journal/\` too, see [below](#the-journal-of-a-live-run). A finished run keeps no other files.

- The types below are DuckDB's. They are the same in every run, and a table without rows has its columns too.
- A time is a timestamp in milliseconds, UTC. What is not known is null, never NaN.
- The metadata of a file names the run (\`run_id\`), the \`seed\`, and the unit of each column that has one (\`unit.<column>\`).
- \`step\` counts the steps done when the row was written: what happens before the first step has 0.
- Ids join: an idea is \`ideas.id\`, an order \`fills.order_id\`, a trade \`trades.trade_id\`, an agent \`roster.key\` or \`roster.id\`. They are
  unique in a run; over several runs join by \`run_id\` too.

\`\`\`sql
SELECT t.portfolio, i.style, count(*) AS trades, sum(t.pnl_e6) / 1e6 AS usd
FROM 'runs/trifecta/*/trades.parquet' t LEFT JOIN 'runs/trifecta/*/ideas.parquet' i ON i.run_id = t.run_id AND i.id = t.idea_id
GROUP BY ALL;
\`\`\`

A model of your own writes \`model\`, \`agents\` and the tables of messages that its \`collect\` says, see [collecting](how-to/collecting.md); every
file begins with the constants below.

## The decision record

A row of \`decisions\` is a signal and the portfolio that received it, also where nothing was done: \`outcome\` says what came of it, \`findings\` what
the gate measured. A trade has the row that placed its entry: \`trades JOIN decisions USING (trade_id)\` gives each trade once. A simulated run writes
\`decisions.parquet\` alone; a live run commits the rows with their tick in \`trades.db\` too, whose tables \`decisions\` and \`decision_links\` refuse
UPDATE and DELETE.

The rows are chained: each step has a SHA-256 of the link before and of its rows. The last link is \`records.decisions.head\` in the manifest, and
the journal of a live run has the link after each tick. \`decisions.chain.json\` has four bytes of each link, of every second, fourth, … step in long
runs, so that it stays below 64 kB; it stands beside the manifest to keep that readable, and only says where to look. To check that no row was
changed, left out, added or moved, or at which step it was:

\`\`\`sh
bin/mycelia run trifecta --steps 300
bin/mycelia data check runs/trifecta/latest
\`\`\`

The ledger of a live run is checked with its directory, or alone: \`mycelia data check <run>/trades.db\`.

Keep the head elsewhere where others may write to the directory: whoever can replace the rows, the manifest and the journal together can make
another record that is sound.

## The journal of a live run

Every tick of a live run is a row of the table \`journal\` first. Once some thousands lie before a checkpoint they move to \`journal/\`:

| file | holds |
| --- | --- |
| \`<from>-<to>.seg.br\` | a segment: the rows of the ticks after \`from\`, up to \`to\`, and the hash of the last one, compressed by Brotli |
| \`<tick>.checkpoint.br\` | the state after that tick, where the next segment begins |

Each row's hash covers the one before, through segments and ledger; the last one is \`journal.head\` in the manifest. What a replay and a check prove of which table
is in [going live](going-live.md#what-a-replay-proves).
`

/** The page as markdown; `sim` is any run of the swarm. */
export function outputsPage(sim: Simulation): string {
  const { run_id, seed, type } = constantColumns
  const sections = [...sim.tables.values()].map(table => {
    const columns = [...table.columns.values()].map(column => column.description)
    const [file, agents] = table.name.split(':')
    const own = agents === undefined ? columns : [type, ...columns]
    return section(`${file}.parquet`, swarmTables[table.name] ?? '', own.map(parquetLine), parquetHead)
  })
  const inputs = section('inputs.parquet', meaningOfInputs, inputColumns.map(parquetLine), parquetHead)
  const sql = Object.entries(databases).flatMap(([file, tables]) => tables.map(table => sqlSection(file, table)))
  const constants = section('Every Parquet file', 'The first columns.', [run_id, seed].map(parquetLine), parquetHead)
  return [head, constants, ...sections, inputs, ...sql].join('\n')
}

const meaningOfInputs =
  'One row an input from outside, such as a parameter that was moved, before it took effect. Only in runs that had one; `step` before the others.'

const parquetHead = '| column | type | null | unit | meaning |\n| --- | --- | --- | --- | --- |'
const sqlHead = '| column | declared | unit | meaning |\n| --- | --- | --- | --- |'

function section(title: string, meaning: string, lines: readonly string[], columns: string): string {
  return `## ${title}\n\n${meaning}\n\n${columns}\n${lines.join('\n')}\n`
}

function parquetLine({ name, type, nullable, unit, meaning }: ColumnDescription): string {
  return `| \`${name}\` | ${parquetTypes[type]} | ${nullable ? 'yes' : ''} | ${unit ?? ''} | ${meaning} |`
}

function sqlSection(file: string, { name, meaning, columns, added }: SqlTable<never>): string {
  const lines = Object.entries({ ...columns, ...added }).map(([column, it]) => sqlLine(column, it))
  return section(`${file}: ${name}`, meaning, lines, sqlHead)
}

function sqlLine(name: string, column: SqlColumn<never>): string {
  const unit = 'unit' in column ? (column.unit ?? '') : ''
  return `| \`${name}\` | ${declarationOf(column)} | ${unit} | ${column.meaning} |`
}
