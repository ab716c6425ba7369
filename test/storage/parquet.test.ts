import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import type { Cell } from '../../src/core/index.js'
import { CorruptFile, ParquetSink, TableHash } from '../../src/storage/index.js'
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
  run_id: 'r1',
})
const rows = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => row(from + i))

function written(directory: string, batches: [number, number][]): ParquetSink {
  const sink = new ParquetSink(directory)
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
    step: 'INT32 REQUIRED',
    time: 'INT64 REQUIRED',
    price: 'DOUBLE REQUIRED',
    pair: 'BYTE_ARRAY REQUIRED',
    open: 'BOOLEAN REQUIRED',
    rsi: 'DOUBLE OPTIONAL',
    nothing: 'DOUBLE OPTIONAL',
    run_id: 'BYTE_ARRAY REQUIRED',
  })
  const read = await readBack(join(directory, 'ideas.parquet'))
  expect(read.map(r => ({ ...r, time: Number(r.time) }))).toEqual(rows(0, 1_000))
  expect(existsSync(join(directory, '.spool'))).toBe(false)
})

test('any table of numbers, texts, booleans and nulls survives the way to Parquet and back', async () => {
  const kinds = [fc.double(), fc.integer(), fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), fc.boolean()]
  const column = fc
    .constantFrom(...kinds)
    .chain(kind => fc.array(fc.option(kind as fc.Arbitrary<Cell>), { minLength: 30, maxLength: 30 }))
  const columns = fc.array(column, { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(columns, async cells => {
      const directory = temporary()
      const given = Array.from({ length: 30 }, (_, i) => Object.fromEntries(cells.map((c, n) => [`c${n}`, c[i] ?? null])))
      const sink = new ParquetSink(directory)
      sink.write(table('t', given.slice(0, 11)))
      sink.write(table('t', given.slice(11)))
      sink.finish()
      const read = await readBack(join(directory, 't.parquet'))
      const plain = read.map(r =>
        Object.fromEntries(Object.entries(r).map(([k, v]) => [k, typeof v === 'bigint' ? Number(v) : v])),
      )
      const unsigned = (rs: Record<string, unknown>[]) => rs.map(r => Object.values(r).map(v => (v === 0 ? 0 : v)))
      expect(unsigned(plain)).toEqual(unsigned(given))
    }),
    { seed: 7, numRuns: 60 },
  )
})

test('more rows than a row group become several groups in order', async () => {
  const directory = temporary()
  const sink = new ParquetSink(directory)
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
  expect(read.every((r, i) => r.step === i && r.wealth === i / 3)).toBe(true)
})

test('agents of several types share agents.parquet, each row saying its type', async () => {
  const directory = temporary()
  const sink = new ParquetSink(directory)
  sink.write(table('agents:Wolf', [{ step: 1, id: 1, energy: 4 }]))
  sink.write(table('agents:Sheep', [{ step: 1, id: 2, wool: 'white' }]))
  expect(Object.keys(sink.outputs())).toEqual(['agents:Sheep', 'agents:Wolf'])
  expect(sink.finish()).toEqual([join(directory, 'agents.parquet')])
  expect(await readBack(join(directory, 'agents.parquet'))).toEqual([
    { type: 'Wolf', step: 1, id: 1, energy: 4, wool: null },
    { type: 'Sheep', step: 1, id: 2, energy: null, wool: 'white' },
  ])
})

test('a table without rows still becomes a file with its columns', () => {
  const directory = temporary()
  const sink = new ParquetSink(directory)
  const empty = table('trades', [{ step: 1, pair: 'x' }])
  empty.clear()
  sink.write(empty)
  sink.finish()
  expect(Object.keys(typesOf(join(directory, 'trades.parquet')))).toEqual(['step', 'pair'])
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
  const after = new ParquetSink(directory)
  after.truncate(position)
  after.write(table('ideas', rows(1_000, 3_000)))
  expect(after.outputs()).toEqual(whole.outputs())
  whole.finish()
  expect(after.finish()).toEqual([join(directory, 'ideas.parquet')])
  expect(await readBack(join(directory, 'ideas.parquet'))).toEqual(await readBack(join(straight, 'ideas.parquet')))
})

test('C8: a spool that lost rows of the checkpoint is refused by name', () => {
  const directory = temporary()
  const sink = written(directory, [[0, 1_000]])
  const position = sink.position()
  sink.close()
  const spool = join(directory, '.spool', 'ideas.rows')
  truncateSync(spool, statSync(spool).size - 1)
  expect(() => new ParquetSink(directory).truncate(position)).toThrow(CorruptFile)
})

test('outputs are the same whatever the batches and the run id, and differ with one value, name or order', () => {
  const hash = (name: string, ...batches: Record<string, Cell>[][]) => {
    const h = new TableHash(name)
    for (const batch of batches) h.add(table(name, batch))
    return h.hex()
  }
  const all = rows(0, 700)
  const reference = hash('ideas', all)
  expect(hash('ideas', all.slice(0, 1), all.slice(1, 333), all.slice(333))).toBe(reference)
  expect(
    hash(
      'ideas',
      all.map(r => ({ ...r, run_id: 'another' })),
    ),
  ).toBe(reference)
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
  const h = new TableHash('ideas')
  h.add(table('ideas', rows(0, 100)))
  expect(h.hex()).toMatchInlineSnapshot(`"86357af9258cd15c3199fabdffa427cc5f3e0f32c0869465d15666a5e719317c"`)
})

test('a hash saved and restored anywhere goes on to the same value', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 299 }), cut => {
      const whole = new TableHash('ideas')
      whole.add(table('ideas', rows(0, 300)))
      const first = new TableHash('ideas')
      first.add(table('ideas', rows(0, cut)))
      const second = TableHash.restored('ideas', JSON.parse(JSON.stringify(first.save())))
      second.add(table('ideas', rows(cut, 300)))
      return second.hex() === whole.hex()
    }),
    { seed: 3, numRuns: 40 },
  )
})
