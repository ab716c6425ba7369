import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openRun } from '../../src/storage/index.js'
import { run } from '../../src/world/index.js'
import { temporary } from '../storage/support.js'

const town = async () => {
  const out = join(temporary(), 'town')
  await run({ scenario: 'schelling', steps: 6, out })
  return openRun(out)
}

it('a run that is opened has its manifest and each table, by column and by row, as the simulation collected it', async () => {
  const opened = await town()
  expect(opened.manifest).toMatchObject({ scenario: 'schelling', status: 'finished', steps: 6 })
  expect(opened.tables).toEqual(['agents', 'model'].filter(name => opened.tables.includes(name)))
  const model = await opened.table('model')
  expect([...model.numbers('step')]).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(model.toRows().map(({ happy }) => happy)).toEqual(model.column('happy'))
  expect(model.column('happy').every(value => typeof value === 'number' && value >= 0)).toBe(true)
  const streamed = []
  for await (const row of opened.rows('model')) streamed.push(row)
  expect(streamed).toEqual(model.toRows())
  expect(Object.keys((await opened.table('model', ['happy'])).columns)).toEqual(['happy'])
})

it('a table or a column that is not there is refused with the names of those that are', async () => {
  const opened = await town()
  await expect(opened.table('modle')).rejects.toThrow(/model/)
  await expect(opened.table('model', ['hapy'])).rejects.toThrow(/happy/)
  await expect(opened.rows('nothing').next()).rejects.toThrow(/table of/)
  expect(() => openRun(join(temporary(), 'nowhere'))).toThrow(/nowhere/)
})
