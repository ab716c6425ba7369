/** What every store of vectors promises, in this process or a server's: run by each implementation's tests. */

import { beforeEach, describe, expect, it } from 'vitest'
import type { Scalar, StoredVector, VectorStore } from '../../src/memory/index.js'

export function item(id: string, vector: readonly number[], metadata: Readonly<Record<string, Scalar>> = { a: 1 }): StoredVector {
  return { id, vector: Float32Array.from(vector), metadata }
}

const wins = 'trading_patterns'
const losses = 'failed_patterns'
const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id)

/** `make` gives an empty store for vectors of three numbers. */
export function vectorStoreConformance(kind: string, make: () => Promise<VectorStore>, skip?: string): void {
  describe.skipIf(skip !== undefined)(`a store of vectors: ${kind}${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
    let store: VectorStore
    beforeEach(async () => {
      store = await make()
    })
    const ask = (vector: readonly number[], k: number, where?: Parameters<VectorStore['count']>[1]) =>
      store.query(wins, { vector: Float32Array.from(vector), k, where })

    it('is empty at first, and finds nothing', async () => {
      expect(await ask([0, 0, 0], 5)).toEqual([])
      expect(await ask([0, 0, 0], 5, { a: 1 })).toEqual([])
      expect(await store.count(wins)).toBe(0)
      expect(await store.page(wins, undefined, 0, 10)).toEqual([])
    })

    it('finds the nearest first, with the squared distance and everything that was stored', async () => {
      const metadata = { text: 'ä"', whole: 3, broken: 0.5, yes: true }
      await store.upsert(wins, [
        item('far', [3, 4, 0]),
        { ...item('near', [0, 0, 1], metadata), document: 'rsi_1' },
        item('middle', [0, 2, 0]),
      ])
      const found = await ask([0, 0, 0], 2)
      expect(ids(found)).toEqual(['near', 'middle'])
      expect(found[0]).toEqual({ id: 'near', vector: Float32Array.of(0, 0, 1), metadata, document: 'rsi_1', distance: 1 })
      expect(found[1]?.distance).toBeCloseTo(4, 5)
      expect((await ask([0, 0, 0], 9)).at(-1)?.distance).toBeCloseTo(25, 5)
    })

    it('puts the smaller id first where two are equally near', async () => {
      await store.upsert(
        wins,
        ['c', 'a', 'b'].map(id => item(id, [1, 1, 1])),
      )
      expect(ids(await ask([0, 0, 0], 3))).toEqual(['a', 'b', 'c'])
    })

    it('stores an id once: the latest vector and metadata, in the old place', async () => {
      await store.upsert(wins, [item('a', [1, 0, 0]), item('b', [2, 0, 0])])
      await store.upsert(wins, [item('a', [5, 0, 0], { a: 9 }), item('c', [6, 0, 0]), item('c', [7, 0, 0])])
      expect(await store.count(wins)).toBe(3)
      expect(ids(await ask([7, 0, 0], 3))).toEqual(['c', 'a', 'b'])
      const [first] = await store.page(wins, undefined, 0, 1)
      expect(first).toMatchObject({ id: 'a', metadata: { a: 9 } })
    })

    it('keeps its collections apart', async () => {
      await store.upsert(wins, [item('w', [0, 0, 0])])
      await store.upsert(losses, [item('l', [0, 0, 0])])
      expect(ids(await ask([0, 0, 0], 5))).toEqual(['w'])
      expect(ids(await store.query(losses, { vector: new Float32Array(3), k: 5 }))).toEqual(['l'])
    })

    describe('with conditions', () => {
      /** Every third in market x; closed at 0, 1, … 29; nearer to zero the later. */
      beforeEach(async () => {
        const all = Array.from({ length: 30 }, (_, i) =>
          item(`t${String(i).padStart(2, '0')}`, [30 - i, 0, 0], {
            market: i % 3 === 0 ? 'x' : 'y',
            closedAt: i,
            win: i % 2 === 0,
          }),
        )
        await store.upsert(wins, all)
      })

      it('finds only what was closed before', async () => {
        expect(ids(await ask([0, 0, 0], 3, { closedAt: { lt: 10 } }))).toEqual(['t09', 't08', 't07'])
        expect(await ask([0, 0, 0], 3, { closedAt: { lt: 0 } })).toEqual([])
        expect(await store.count(wins, { closedAt: { lt: 10 } })).toBe(10)
      })

      it('compares whole numbers with a broken one', async () => {
        expect(await store.count(wins, { closedAt: { lt: 9.5 } })).toBe(10)
        expect(ids(await ask([0, 0, 0], 1, { closedAt: { lt: 9.5 } }))).toEqual(['t09'])
      })

      it('wants a text, a number or a truth to be equal', async () => {
        expect(ids(await ask([0, 0, 0], 2, { market: 'x' }))).toEqual(['t27', 't24'])
        expect(ids(await ask([0, 0, 0], 5, { closedAt: 4 }))).toEqual(['t04'])
        expect(await store.count(wins, { win: false })).toBe(15)
      })

      it('wants every condition to hold', async () => {
        const both = { market: 'x', closedAt: { lt: 20 } }
        expect(ids(await ask([0, 0, 0], 2, both))).toEqual(['t18', 't15'])
        expect(await store.count(wins, { ...both, win: true })).toBe(4)
      })

      it('has no vector that lacks the field', async () => {
        expect(await ask([0, 0, 0], 5, { other: { lt: 1 } })).toEqual([])
        expect(await store.count(wins, { other: 'x' })).toBe(0)
      })

      it('gives pages in the order of storing, each vector once', async () => {
        const pages = [await store.page(wins, undefined, 0, 20), await store.page(wins, undefined, 20, 20)]
        expect(pages.map(page => page.length)).toEqual([20, 10])
        expect(ids(pages.flat())).toEqual(Array.from({ length: 30 }, (_, i) => `t${String(i).padStart(2, '0')}`))
        expect(ids(await store.page(wins, { market: 'x' }, 8, 5))).toEqual(['t24', 't27'])
        expect(pages[0]?.[3]).toMatchObject({ vector: Float32Array.of(27, 0, 0), metadata: { market: 'x', closedAt: 3 } })
      })

      it('removes what it is told, and does not mind what is gone', async () => {
        await store.remove(wins, ['t29', 't28', 'never'])
        await store.remove(wins, ['t29'])
        expect(ids(await ask([0, 0, 0], 2))).toEqual(['t27', 't26'])
        expect(await store.count(wins)).toBe(28)
        await store.upsert(wins, [item('t29', [1, 0, 0])])
        expect(ids(await ask([0, 0, 0], 1))).toEqual(['t29'])
      })

      it('drops a collection, and takes vectors into it again', async () => {
        await store.drop(wins)
        await store.drop(wins)
        expect(await store.count(wins)).toBe(0)
        await store.upsert(wins, [item('new', [0, 0, 0])])
        expect(ids(await ask([0, 0, 0], 5))).toEqual(['new'])
      })
    })

    it('refuses a vector of another length, and stores none of its neighbours', async () => {
      await expect(store.upsert(wins, [item('a', [1, 2, 3]), item('b', [1, 2])])).rejects.toThrow(/expected 3 numbers.*got 2/)
      await expect(ask([1, 2], 1)).rejects.toThrow(/expected 3 numbers/)
      expect(await store.count(wins)).toBe(0)
    })

    it('finds among thousands what a comparison with each finds', async () => {
      let state = 1
      const draw = () => {
        state = (state * 16_807) % 2_147_483_647
        return state / 2_147_483_647
      }
      const all = Array.from({ length: 6_000 }, (_, i) =>
        item(`t${i}`, [draw(), draw(), draw()], { closedAt: i, market: `m${i % 2}` }),
      )
      await store.upsert(wins, all)
      expect(await store.count(wins)).toBe(6_000)
      for (const where of [undefined, { closedAt: { lt: 3_000 } }, { closedAt: { lt: 40 }, market: 'm1' }]) {
        const question = [draw(), draw(), draw()]
        const exact = all
          .filter(
            ({ metadata }) =>
              !where ||
              (Number(metadata['closedAt']) < where.closedAt.lt && (!('market' in where) || metadata['market'] === 'm1')),
          )
          .map(({ id, vector }) => ({ id, d: question.reduce((sum, q, j) => sum + (q - (vector[j] as number)) ** 2, 0) }))
          .sort((a, b) => a.d - b.d)
          .slice(0, 20)
        const found = new Set(ids(await ask(question, 20, where)))
        expect(exact.filter(({ id }) => found.has(id)).length).toBeGreaterThanOrEqual(19)
      }
    })
  })
}
