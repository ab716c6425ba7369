/** Edits single rows of a finished run's ledger at random, and says which row and column each edit was of. */

import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { checkRun } from '../../src/storage/index.js'
import { replay } from '../../src/world/index.js'

type Cell = string | number | Buffer | null

export interface Edit {
  readonly table: string
  readonly kind: 'changed' | 'deleted' | 'invented'
  /** What names the row in a message, and the column that was changed. */
  readonly row: string
  readonly column: string | null
}

/** The tables that a replay compares row by row, with what names a row. */
const replayed: Readonly<Record<string, readonly string[]>> = {
  trades: ['trade_id'],
  fills: ['id'],
  decisions: ['id'],
  decision_links: ['tick'],
  books: ['book'],
  positions: ['book', 'pair'],
  halts: ['id'],
}
/** Those whose rows are bound by hashes, which `data check` computes again. */
const hashed: Readonly<Record<string, readonly string[]>> = { journal: ['tick'], journal_base: ['tick'] }

/** Numbers from 0 to 1, the same for a seed. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Makes `edits` single-row edits of a run, some at a time, and lists those that neither `replay` nor `data check` named. */
export async function notFound(run: string, edits: number, seed: number): Promise<{ made: Edit[]; missed: Edit[] }> {
  const random = chance(seed)
  const ledger = join(run, 'trades.db')
  const sound = `${ledger}.sound`
  copyFileSync(ledger, sound)
  const [made, missed]: [Edit[], Edit[]] = [[], []]
  while (made.length < edits) {
    copyFileSync(sound, ledger)
    const some = editsOf(ledger, Object.keys(replayed), Math.min(12, edits - made.length), random)
    const { differences, agrees } = await replay(run)
    for (const edit of some) {
      const isNamed = differences.some(
        ({ row }) => row?.table === edit.table && row.id === edit.row && row.column === edit.column,
      )
      if (!isNamed || agrees) missed.push(edit)
    }
    copyFileSync(sound, ledger)
    const [bound] = editsOf(ledger, Object.keys(hashed), 1, random)
    made.push(...some)
    if (bound === undefined) continue
    made.push(bound)
    const { problems } = await checkRun(run)
    if (!problems.some(problem => /journal|tick/.test(problem))) missed.push(bound)
  }
  copyFileSync(sound, ledger)
  return { made, missed }
}

/** Edits as many rows, no row twice. */
function editsOf(ledger: string, tables: readonly string[], count: number, random: () => number): Edit[] {
  const db = new Database(ledger)
  try {
    for (const trigger of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all()) {
      db.exec(`DROP TRIGGER ${trigger}`)
    }
    const edits: Edit[] = []
    for (let tries = 0; edits.length < count && tries < 200; tries++) {
      const table = pick(tables, random)
      const touched = new Set(edits.filter(edit => edit.table === table).map(edit => edit.row))
      const edit = editOf(db, table, touched, random)
      if (edit !== undefined) edits.push(edit)
    }
    return edits
  } finally {
    db.close()
  }
}

/** Undefined where there is no row left, or the database refuses it. */
function editOf(db: Database.Database, table: string, touched: ReadonlySet<string>, random: () => number): Edit | undefined {
  const names = { ...replayed, ...hashed }[table] as readonly string[]
  const all = db.prepare(`SELECT rowid AS place, * FROM ${table}`).all() as Record<string, Cell>[]
  const nameOf = (row: Record<string, Cell>) => names.map(name => String(row[name])).join(' ')
  const rows = all.filter(row => !touched.has(nameOf(row)))
  if (rows.length === 0) return undefined
  const { place, ...row } = pick(rows, random)
  const kind = table === 'journal_base' ? 'changed' : pick(['changed', 'changed', 'deleted', 'invented'] as const, random)
  try {
    if (kind === 'deleted') {
      db.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(place)
      return { table, kind, row: nameOf(row), column: null }
    }
    if (kind === 'invented') {
      const other = inventedRow(table, row, all.length, random)
      const columns = Object.keys(other)
      db.prepare(`INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`).run(Object.values(other))
      return { table, kind, row: nameOf(other), column: null }
    }
    // A changed name is another row: the one is missing, the other invented.
    const column = pick(
      Object.keys(row).filter(name => name !== 'id' && !names.includes(name)),
      random,
    )
    db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(otherThan(row[column] as Cell, random), place)
    return { table, kind, row: nameOf(row), column }
  } catch {
    return undefined
  }
}

function inventedRow(table: string, row: Record<string, Cell>, rows: number, random: () => number): Record<string, Cell> {
  const number = rows + 1_000_000 + Math.floor(random() * 1_000_000)
  if (table === 'books') return { ...row, book: `mine${number}` }
  if (table === 'positions') return { ...row, pair: `MINE${number}` }
  if (table === 'halts') return { ...row, id: `all:mine:${number}` }
  if (table === 'trades') return { ...row, id: number, trade_id: `mine:${number}` }
  if (table === 'fills') return { ...row, id: number, part: number }
  return 'tick' in row ? { ...row, tick: number } : { ...row, id: number }
}

function otherThan(cell: Cell, random: () => number): Cell {
  if (cell === null) return 'x'
  if (typeof cell === 'string') return `${cell}x`
  if (typeof cell === 'number') return random() < 0.5 ? cell + 1 : cell - 1
  const bytes = Buffer.from(cell)
  const at = Math.floor(random() * bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T
}
