/** Whether the decisions of a live ledger are the ones that its links and its journal were made of. */

import type { Cell } from '../core/index.js'
import { decisionColumns } from '../trading/index.js'
import { departureText, MarkComparison, shortLink } from './chain-marks.js'
import { RowChain } from './row-chain.js'
import type { Db } from './sqlite.js'

const columns = ['step', ...Object.keys(decisionColumns)]
// sql-ok: names of our own descriptions, which cannot be bound
const selectRows = `SELECT ${columns.join(', ')} FROM decisions ORDER BY id`
/** A step's last link: SQLite takes the other columns from the row of the maximum. */
const selectLinks = 'SELECT step, max(rows) AS rows, link FROM decision_links GROUP BY step ORDER BY step'
const otherLinks = `
SELECT j.tick FROM journal j JOIN decision_links l ON l.tick = (SELECT max(tick) FROM decision_links WHERE tick <= j.tick)
WHERE j.record IS NOT l.link ORDER BY j.tick LIMIT 1`

/** One sentence for the first step whose rows are not those that were written, and one for the first tick whose link is not the journal's. */
export function recordProblems(db: Db): string[] {
  const links = db.prepare(selectLinks).all() as { step: number; rows: number; link: Uint8Array }[]
  const comparison = new MarkComparison({
    every: 1,
    steps: links.map(({ step }) => step),
    rows: links.map(({ rows }) => rows),
    links: links.map(({ link }) => shortLink(link)),
  })
  const chain = new RowChain('decisions', columns, (...step) => comparison.step(...step))
  for (const cells of db.prepare(selectRows).raw().iterate() as Iterable<Cell[]>) chain.addRow(Number(cells[0]), cells)
  chain.end()
  comparison.end()
  const last = links.at(-1)
  const problems: string[] = []
  if (chain.rows !== (last?.rows ?? 0) || (last !== undefined && Buffer.compare(chain.value(), last.link) !== 0))
    problems.push(`decisions: ${departureText(comparison, chain.rows, last?.rows ?? 0)}`)
  const tick = db.prepare(otherLinks).pluck().get()
  if (tick !== undefined) problems.push(`decision_links: not what the journal says from tick ${String(tick)} on.`)
  return problems
}
