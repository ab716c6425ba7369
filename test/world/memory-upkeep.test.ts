import { expect, it } from 'vitest'
import { embeddedVectors, featureEmbedder } from '../../src/memory/index.js'
import { RunDirectory } from '../../src/storage/index.js'
import { memoryUpkeep } from '../../src/world/memory-upkeep.js'
import { memoryRun, pastTrade } from '../report/memory-runs.js'

const trades = Array.from({ length: 7 }, (_, i) => pastTrade(i))

function upkeep() {
  const run = RunDirectory.read(memoryRun(trades, []))
  const embedder = featureEmbedder()
  const store = embeddedVectors(embedder.dimension)
  return { run, store, of: memoryUpkeep({ run, embedder, store }) }
}

it('a rebuilt store has every trade of the ledger once, however often it is rebuilt', async () => {
  const { of } = upkeep()
  const shown: [number, number][] = []
  expect(await of.rebuild((done, all) => shown.push([done, all]))).toEqual({
    trades: 7,
    stored: 7,
    known: 0,
    retired: 0,
    removed: 0,
    emptied: false,
  })
  expect(shown.at(-1)).toEqual([7, 7])
  expect(await of.rebuild(() => undefined)).toMatchObject({ stored: 0, known: 7 })
  const { collections } = await of.check()
  expect(collections.map(({ ledger, store, missing, orphans }) => [ledger, store, missing, orphans])).toEqual([
    [4, 4, 0, 0],
    [3, 3, 0, 0],
    [7, 7, 0, 0],
  ])
})

it('a check finds what the store lacks and what the ledger does not have', async () => {
  const { of, store, run } = upkeep()
  await of.rebuild(() => undefined)
  const { runId } = run.manifest
  const [first] = await store.page('trading_patterns', undefined, 0, 1)
  if (first === undefined) throw new Error('nothing was stored')
  await store.remove('trading_patterns', [first.id])
  await store.upsert('failed_patterns', [{ ...first, id: `${runId}/nobody` }])
  const { collections } = await of.check()
  expect(collections.map(({ missing, orphans, first: ids }) => [missing, orphans, ids])).toEqual([
    [1, 0, [first.id]],
    [0, 1, [`${runId}/nobody`]],
    [0, 0, []],
  ])
  expect(await of.rebuild(() => undefined)).toMatchObject({ trades: 7 })
  expect((await of.check()).collections.map(({ missing, orphans }) => [missing, orphans])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ])
})
