import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { patternsKind, tradesKind } from '../../src/storage/schema.js'

/** Every table as SQLite understands it: `name|type|not null|default|key` a column, `name|unique|origin|columns` an index. */
function schemaOf(db: Database.Database): Record<string, { columns: string[]; indexes: string[] }> {
  const all = (sql: string) => db.prepare(sql).raw().all() as unknown[][]
  const tables = all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map(([name]) => String(name))
  const indexes = (table: string) => all(`SELECT name, "unique", origin FROM pragma_index_list('${table}') ORDER BY name`)
  return Object.fromEntries(
    tables.map(table => [
      table,
      {
        columns: all(`SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('${table}')`).map(c => c.join('|')),
        indexes: indexes(table).map(i => [...i, ...all(`SELECT name FROM pragma_index_info('${i[0]}')`).flat()].join('|')),
      },
    ]),
  )
}

test('the databases have the tables, columns and keys that earlier releases and the first system wrote', () => {
  const made: ReturnType<typeof schemaOf> = {}
  for (const kind of [tradesKind, patternsKind]) {
    const db = new Database(':memory:')
    kind.create(db)
    Object.assign(made, schemaOf(db))
    db.close()
  }
  expect(made).toEqual(JSON.parse(readFileSync(new URL('schema.json', import.meta.url), 'utf8')))
})
