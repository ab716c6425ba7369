import { expect, it } from 'vitest'
import { embeddedVectors } from '../../src/memory/index.js'
import { item, vectorStoreConformance } from './vector-store-conformance.js'

vectorStoreConformance('embedded', async () => embeddedVectors(3))

it('an embedded store is bounded: the oldest makes room, and is counted', async () => {
  const store = embeddedVectors(1, 100)
  for (let i = 0; i < 250; i++) await store.upsert('trading_patterns', [item(`t${i}`, [i], { i })])
  expect(await store.count('trading_patterns')).toBe(100)
  expect(store.evicted()).toBe(150)
  const [nearest] = await store.query('trading_patterns', { vector: Float32Array.of(0), k: 1 })
  expect(nearest?.id).toBe('t150')
  expect((await store.page('trading_patterns', undefined, 0, 1))[0]?.id).toBe('t150')
})

it('an embedded store counts a replaced vector neither twice nor as younger', async () => {
  const store = embeddedVectors(1, 3)
  for (const id of ['a', 'b', 'c', 'a', 'd']) await store.upsert('trading_patterns', [item(id, [1])])
  expect((await store.page('trading_patterns', undefined, 0, 9)).map(({ id }) => id)).toEqual(['b', 'c', 'd'])
})

it('an embedded store refuses a capacity that is none', () => {
  expect(() => embeddedVectors(3, 0)).toThrow(/capacity of the embedded store: expected a whole number ≥ 1, got 0/)
})
