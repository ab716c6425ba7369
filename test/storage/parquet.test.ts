import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import { type Cell, type ColumnDescription, type ColumnType, describeColumn, Table } from '../../src/core/index.js'
import { CorruptFile, ParquetSink, rebuildSpool } from '../../src/storage/index.js'
import type { SpooledTable } from '../../src/storage/spool-files.js'
import { TableHash } from '../../src/storage/table-hash.js'
import { table, temporary } from './support.js'

function bytesOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer
}

async function readBack(path: string): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: bytesOf(path) })
}

function typesOf(path: string): Record<string, string | undefined> {
  const { schema } = parquetMetadata(bytesOf(path))
  return Object.fromEntries(schema.slice(1).map(e => [e.name, `${e.type} ${e.repetition_type}`]))
}

const row = (i: number): Record<string, Cell> => ({
  step: i,
  time: 1_704_067_200_000 + i,
  price: i / 7,
  pair: i % 3 === 0 ? 'SOLUSD' : 'ADAUSD ✓',
  open: i % 2 === 0,
  rsi: i % 5 === 0 ? null : i / 3,
  nothing: null,
})
const run = (path: string) => ({ path, runId: 'r1', seed: 7 })
/** Integers and times as the numbers they were written as. */
const plain = (cells: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(cells).map(([name, v]) => [name, typeof v === 'bigint' ? Number(v) : v instanceof Date ? v.getTime() : v]),
  )
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => row(from + i))

function written(directory: string, batches: [number, number][]): ParquetSink {
  const sink = new ParquetSink(run(directory))
  for (const [from, to] of batches) sink.write(table('ideas', rows(from, to)))
  return sink
}

test('every kind of cell is read back by another Parquet reader as it was written', async () => {
  const directory = temporary()
  const sink = written(directory, [
    [0, 500],
    [500, 1_000],
  ])
  expect(sink.finish()).toEqual([join(directory, 'ideas.parquet')])
  expect(typesOf(join(directory, 'ideas.parquet'))).toEqual({
    run_id: 'BYTE_ARRAY REQUIRED',
    seed: 'INT64 REQUIRED',
    step: 'INT64 OPTIONAL',
    time: 'INT64 OPTIONAL',
    price: 'DOUBLE OPTIONAL',
    pair: 'BYTE_ARRAY OPTIONAL',
    open: 'BOOLEAN OPTIONAL',
    rsi: 'DOUBLE OPTIONAL',
    nothing: 'DOUBLE OPTIONAL',
  })
  const read = await readBack(join(directory, 'ideas.parquet'))
  expect(read.map(plain)).toEqual(rows(0, 1_000).map(r => ({ run_id: 'r1', seed: 7, ...r })))
  expect(read[0]?.time).toEqual(new Date(1_704_067_200_000))
  expect(existsSync(join(directory, '.spool'))).toBe(false)
})

/** Cells of each type. */
const cells: Readonly<Record<ColumnType, fc.Arbitrary<Cell>>> = {
  real: fc.double(),
  integer: fc.maxSafeInteger(),
  text: fc.string({ unit: 'grapheme' }),
  boolean: fc.boolean(),
  time: fc.date({ noInvalidDate: true }).map(date => date.getTime()),
}

test('any table of declared types survives the way to Parquet and back, NaN as null', async () => {
  const column = fc
    .constantFrom(...(Object.keys(cells) as ColumnType[]))
    .chain(type => fc.tuple(fc.constant(type), fc.array(fc.option(cells[type]), { minLength: 30, maxLength: 30 })))
  const columns = fc.array(column, { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(columns, async made => {
      const directory = temporary()
      const given = new Table(
        't',
        made.map(([type], i) => describeColumn(`c${i}`, { type, nullable: true })),
      )
      const sink = new ParquetSink(run(directory))
      for (const [from, to] of [
        [0, 11],
        [11, 30],
      ] as const) {
        for (const [i, [, column]] of made.entries())
          for (const cell of column.slice(from, to)) given.columns.get(`c${i}`)?.push(cell)
        sink.write(given)
        given.clear()
      }
      sink.finish()
      const path = join(directory, 't.parquet')
      const read = (await readBack(path)).map(plain)
      const written = (cell: Cell | undefined) => (Number.isNaN(cell) ? null : cell === 0 ? 0 : cell)
      const expected = Array.from({ length: 30 }, (_, row) => made.map(([, column]) => written(column[row])))
      expect(read.map(r => made.map((_, i) => written(r[`c${i}`] as Cell)))).toEqual(expected)
      const logical = { real: 'DOUBLE', integer: 'INT64', text: 'BYTE_ARRAY', boolean: 'BOOLEAN', time: 'INT64' }
      const types = typesOf(path)
      expect(types).toMatchObject(Object.fromEntries(made.map(([type], i) => [`c${i}`, `${logical[type]} OPTIONAL`])))
    }),
    { seed: 7, numRuns: 60 },
  )
})

test('more rows than a row group become several groups in order', async () => {
  const directory = temporary()
  const sink = new ParquetSink(run(directory))
  const n = 150_000
  const numbers = table('model', [{ step: 0, wealth: 0.5 }])
  numbers.clear()
  for (let i = 0; i < n; i++) {
    numbers.columns.get('step')?.push(i)
    numbers.columns.get('wealth')?.push(i / 3)
    if (numbers.length === 4_096) {
      sink.write(numbers)
      numbers.clear()
    }
  }
  sink.write(numbers)
  sink.finish()
  const path = join(directory, 'model.parquet')
  expect(parquetMetadata(bytesOf(path)).row_groups.length).toBeGreaterThan(1)
  const read = await readBack(path)
  expect(read.length).toBe(n)
  expect(read.every((r, i) => r.step === BigInt(i) && r.wealth === i / 3)).toBe(true)
})

test('agents of several types share agents.parquet, each row saying its type', async () => {
  const directory = temporary()
  const sink = new ParquetSink(run(directory))
  sink.write(table('agents:Wolf', [{ step: 1, id: 1, energy: 4 }]))
  sink.write(table('agents:Sheep', [{ step: 1, id: 2, wool: 'white' }]))
  expect(Object.keys(sink.outputs())).toEqual(['agents:Sheep', 'agents:Wolf'])
  expect(sink.finish()).toEqual([join(directory, 'agents.parquet')])
  const constants = { run_id: 'r1', seed: 7 }
  expect((await readBack(join(directory, 'agents.parquet'))).map(plain)).toEqual([
    { ...constants, type: 'Wolf', step: 1, id: 1, energy: 4, wool: null },
    { ...constants, type: 'Sheep', step: 1, id: 2, energy: null, wool: 'white' },
  ])
})

test('a table without rows still becomes a file with its columns', () => {
  const directory = temporary()
  const sink = new ParquetSink(run(directory))
  const empty = table('trades', [{ step: 1, pair: 'x' }])
  empty.clear()
  sink.write(empty)
  sink.finish()
  expect(Object.keys(typesOf(join(directory, 'trades.parquet')))).toEqual(['run_id', 'seed', 'step', 'pair'])
})

test('a file says its run, its seed and the unit of each column that has one', () => {
  const directory = temporary()
  const sink = new ParquetSink(run(directory))
  const columns: ColumnDescription[] = [
    describeColumn('price', { type: 'real', unit: 'USD' }),
    describeColumn('pair', { type: 'text' }),
  ]
  sink.write(new Table('prices', columns))
  sink.finish()
  expect(parquetMetadata(bytesOf(join(directory, 'prices.parquet'))).key_value_metadata).toEqual([
    { key: 'run_id', value: 'r1' },
    { key: 'seed', value: '7' },
    { key: 'unit.price', value: 'USD' },
  ])
})

test('a run cut back to its checkpoint and gone on with equals one never interrupted, values and outputs', async () => {
  const straight = temporary()
  const whole = written(straight, [[0, 3_000]])
  const directory = temporary()
  const before = written(directory, [[0, 1_000]])
  const position = JSON.parse(JSON.stringify(before.position()))
  before.write(table('ideas', rows(1_000, 1_700)))
  before.write(table('signals', rows(0, 10)))
  before.close()
  const after = new ParquetSink(run(directory))
  after.truncate(position)
  after.write(table('ideas', rows(1_000, 3_000)))
  expect(after.outputs()).toEqual(whole.outputs())
  whole.finish()
  expect(after.finish()).toEqual([join(directory, 'ideas.parquet')])
  expect(await readBack(join(directory, 'ideas.parquet'))).toEqual(await readBack(join(straight, 'ideas.parquet')))
})

test('a finished run that gave its spool back goes on from its files, and ends as one never interrupted', async () => {
  const straight = temporary()
  const whole = written(straight, [[0, 3_000]])
  whole.write(table('agents:Wolf', [{ step: 1, id: 1, energy: 4 }]))
  whole.write(table('agents:Sheep', [{ step: 1, id: 2, wool: 'white' }]))
  whole.finish()
  const directory = temporary()
  const before = written(directory, [[0, 1_000]])
  before.write(table('agents:Wolf', [{ step: 1, id: 1, energy: 4 }]))
  const position = JSON.parse(JSON.stringify(before.position()))
  before.write(table('ideas', rows(1_000, 1_700)))
  before.write(table('agents:Sheep', [{ step: 1, id: 2, wool: 'white' }]))
  before.finish()
  expect(readdirSync(directory).sort()).toEqual(['agents.parquet', 'ideas.parquet'])
  await rebuildSpool(directory, position)
  const after = new ParquetSink(run(directory))
  after.truncate(position)
  after.write(table('ideas', rows(1_000, 3_000)))
  after.write(table('agents:Sheep', [{ step: 1, id: 2, wool: 'white' }]))
  after.finish()
  expect(after.outputs()).toEqual(whole.outputs())
  for (const file of ['ideas', 'agents'])
    expect(await readBack(join(directory, `${file}.parquet`))).toEqual(await readBack(join(straight, `${file}.parquet`)))
})

test('files that lost rows of the checkpoint are refused by name, and nothing is left of the attempt', async () => {
  const directory = temporary()
  const sink = written(directory, [[0, 100]])
  const position = sink.position()
  sink.finish()
  const more = { ideas: { ...(position.ideas as SpooledTable), rows: 101 } }
  await expect(rebuildSpool(directory, more)).rejects.toThrow(/expected the 101 rows of its checkpoint, got 100/)
  expect(existsSync(join(directory, '.spool'))).toBe(false)
})

test('C8: a spool that lost rows of the checkpoint is refused by name', () => {
  const directory = temporary()
  const sink = written(directory, [[0, 1_000]])
  const position = sink.position()
  sink.close()
  const spool = join(directory, '.spool', 'ideas.rows')
  truncateSync(spool, statSync(spool).size - 1)
  expect(() => new ParquetSink(run(directory)).truncate(position)).toThrow(CorruptFile)
})

test('outputs are the same whatever the batches, and differ with one value, name or order', () => {
  const hash = (name: string, ...batches: Record<string, Cell>[][]) => {
    const h = new TableHash(name, Object.keys(batches[0]?.[0] ?? {}))
    for (const batch of batches) h.add(table(name, batch))
    return h.hex()
  }
  const all = rows(0, 700)
  const reference = hash('ideas', all)
  expect(hash('ideas', all.slice(0, 1), all.slice(1, 333), all.slice(333))).toBe(reference)
  expect(hash('trades', all)).not.toBe(reference)
  expect(hash('ideas', [...all].reverse())).not.toBe(reference)
  expect(
    hash(
      'ideas',
      all.map(r => (r.step === 350 ? { ...r, price: Number(r.price) * (1 + 2 ** -52) } : r)),
    ),
  ).not.toBe(reference)
  expect(hash('t', [{ a: 1 }])).not.toBe(hash('t', [{ a: '1' }]))
  expect(hash('t', [{ a: true }])).not.toBe(hash('t', [{ a: 1 }]))
  expect(hash('t', [{ a: -0 }])).toBe(hash('t', [{ a: 0 }]))
  expect(hash('t', [{ a: 'x', b: 'yz' }])).not.toBe(hash('t', [{ a: 'xy', b: 'z' }]))
})

test('the hash of a table is what it always was', () => {
  const h = new TableHash('ideas', Object.keys(row(0)))
  h.add(table('ideas', rows(0, 100)))
  expect(h.hex()).toMatchInlineSnapshot(`"86357af9258cd15c3199fabdffa427cc5f3e0f32c0869465d15666a5e719317c"`)
})

test('a hash saved and restored anywhere goes on to the same value', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 299 }), cut => {
      const whole = new TableHash('ideas', Object.keys(row(0)))
      whole.add(table('ideas', rows(0, 300)))
      const first = new TableHash('ideas', Object.keys(row(0)))
      first.add(table('ideas', rows(0, cut)))
      const second = TableHash.restored('ideas', JSON.parse(JSON.stringify(first.save())))
      second.add(table('ideas', rows(cut, 300)))
      return second.hex() === whole.hex()
    }),
    { seed: 3, numRuns: 40 },
  )
})
