/** Columns of tables: doubles in chunks that grow, are cut and cleared, and a list once a cell is none. */

import { describe, expect, it } from 'vitest'
import { Table } from '../../src/core/index.js'

const tableOf = (type: 'real' | 'integer' | 'text', nullable = false) =>
  new Table('t', [{ name: 'x', type, nullable, unit: '', meaning: '' }])
const columnOf = (...kind: Parameters<typeof tableOf>) => {
  const column = tableOf(...kind).columns.get('x')
  if (column === undefined) throw new Error('the table has no column x')
  return column
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('a column', () => {
  it('holds each cell in its place, over chunks of every fill, and null outside', () => {
    const column = columnOf('integer')
    for (const n of [0, 1, 63, 64, 65, 200]) {
      column.clear()
      for (const cell of upTo(n)) column.push(cell)
      expect(column.toArray()).toEqual(upTo(n))
      expect([column.at(-1), column.at(n), column.length]).toEqual([null, null, n])
    }
    column.cut(300)
    expect(column.length).toBe(200)
    column.cut(3)
    expect([column.toArray(), column.at(3)]).toEqual([[0, 1, 2], null])
  })

  it('that is read after every cell does not copy itself each time', () => {
    const column = columnOf('real')
    const buffers = new Set<unknown>()
    for (const cell of upTo(20_000)) {
      column.push(cell)
      buffers.add(column.asNumbers()?.buffer)
    }
    expect(column.toArray()).toEqual(upTo(20_000))
    expect(buffers.size).toBeLessThan(40)
  })

  it('forgets all chunks when it is cleared, read or not', () => {
    const column = columnOf('integer')
    for (const cell of upTo(200)) column.push(cell)
    column.clear()
    column.push(5)
    expect([column.at(0), column.toArray()]).toEqual([5, [5]])
  })

  it('checks the cells of many as it checks one', () => {
    for (const [type, bad] of [
      ['integer', 1.5],
      ['real', Number.NaN],
    ] as const) {
      expect(() => columnOf(type).push(bad)).toThrow('column "x" of table "t" at step 0')
      expect(() => columnOf(type).pushEach([1, bad], cell => cell)).toThrow('column "x" of table "t" at step 0')
    }
    const open = columnOf('real', true)
    open.pushEach([1, Number.NaN], cell => cell)
    expect(open.toArray()).toEqual([1, Number.NaN])
  })

  it('keeps its numbers where a cell without one follows', () => {
    const column = columnOf('real', true)
    for (const cell of upTo(100)) column.push(cell)
    column.push(null)
    column.push(7)
    expect(column.toArray()).toEqual([...upTo(100), null, 7])
  })
})
