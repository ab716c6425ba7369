import fc from 'fast-check'
import { OperatorError } from 'mycelia'
import { describe, expect, it } from 'vitest'
import {
  Chain,
  canonicalJson,
  closest,
  counterDraw,
  decodeValue,
  encodeValue,
  Rng,
  rootOf,
  unknownName,
  useSha256,
} from '../../src/core/index.js'

describe('streams', () => {
  it('are the same for the same seed and name, and different for another', () => {
    const first = (seed: number, kind: number, ordinal: number) => Rng.derive(rootOf(seed), kind, ordinal).uint32()
    expect(first(1, 2, 3)).toBe(first(1, 2, 3))
    expect(new Set([first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)]).size).toBe(4)
  })

  it('draw integers without bias, floats in [0, 1), normals of mean 0 and variance 1', () => {
    const rng = Rng.derive(rootOf('x'), 1, 1)
    const counts = new Array<number>(7).fill(0)
    let sum = 0
    let squares = 0
    for (let i = 0; i < 70_000; i++) {
      const k = rng.int(7)
      counts[k] = (counts[k] ?? 0) + 1
      const x = rng.normal()
      sum += x
      squares += x * x
      const u = rng.float()
      expect(u >= 0 && u < 1).toBe(true)
    }
    const chi2 = counts.reduce((s, c) => s + (c - 10_000) ** 2 / 10_000, 0)
    expect(chi2).toBeLessThan(25)
    expect(Math.abs(sum / 70_000)).toBeLessThan(0.02)
    expect(Math.abs(squares / 70_000 - 1)).toBeLessThan(0.03)
  })

  it('keyed counters: neighbours in ordinal and in draw are uncorrelated, bits are balanced', () => {
    const root = rootOf(5)
    let agree = 0
    let ones = 0
    const n = 20_000
    for (let i = 0; i < n; i++) {
      const a = counterDraw(root, 77, i, 3)
      const b = counterDraw(root, 77, i + 1, 3)
      let x = a ^ b
      for (let bit = 0; bit < 32; bit++) {
        agree += x & 1
        x >>>= 1
        ones += (a >>> bit) & 1
      }
    }
    expect(Math.abs(agree / (n * 32) - 0.5)).toBeLessThan(0.003)
    expect(Math.abs(ones / (n * 32) - 0.5)).toBeLessThan(0.003)
  })
})

describe('canonical encoding', () => {
  const leaf = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined))
  const plain = fc.letrec(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 3 }).map(e => new Map(e)),
    ),
  })).value

  it('round-trips plain values, keeping the order of keys', () => {
    fc.assert(
      fc.property(plain, value => {
        const back = decodeValue(encodeValue(value))
        expect(encodeValue(back)).toEqual(encodeValue(value))
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('writes −0 as 0 and one NaN, and tells 1 from "1"', () => {
    expect(encodeValue(-0)).toEqual(encodeValue(0))
    expect(encodeValue(Number.NaN)).toEqual(encodeValue(0 / 0))
    expect(encodeValue(1)).not.toEqual(encodeValue('1'))
  })

  it('keeps shared objects shared, and cycles', () => {
    const shared = { x: 1 }
    const cycle: Record<string, unknown> = { a: shared, b: shared }
    cycle.self = cycle
    const back = decodeValue(encodeValue(cycle)) as typeof cycle
    expect(back.a).toBe(back.b)
    expect(back.self).toBe(back)
  })

  it('refuses what cannot be saved, naming its path', () => {
    expect(() => encodeValue({ deep: { f: () => 1 } })).toThrow(/\.deep\.f holds a function/)
    expect(() => encodeValue({ d: new Date(0) })).toThrow(/\.d holds a Date/)
  })

  it('canonical JSON sorts keys by code unit and refuses NaN', () => {
    expect(canonicalJson({ b: 1, a: [undefined, 'é'], B: null })).toBe('{"B":null,"a":[null,"é"],"b":1}')
    expect(() => canonicalJson({ x: Number.NaN })).toThrow(OperatorError)
  })
})

describe('the digest', () => {
  it('is not moved by being looked at, and every tick enters it', () => {
    const chain = Chain.of({ scenario: 's' })
    const state = new Uint8Array([1])
    chain.extend(1, new Uint8Array([2]))
    const looked = chain.reported(1, state)
    expect(chain.reported(1, state)).toBe(looked)
    chain.extend(2, new Uint8Array([2]))
    expect(chain.reported(1, state)).not.toBe(looked)
  })

  it('gives its value as a copy', () => {
    const chain = Chain.of({})
    const before = [...chain.value()]
    chain.value().fill(0)
    expect([...chain.value()]).toEqual(before)
  })

  it('is the same with the portable and with the injected SHA-256', async () => {
    const portable = Chain.of({ a: 1 }).value()
    const { createHash } = await import('node:crypto')
    useSha256((...parts) => {
      const hash = createHash('sha256')
      for (const part of parts) hash.update(part)
      return new Uint8Array(hash.digest())
    })
    expect(Chain.of({ a: 1 }).value()).toEqual(portable)
  })
})

describe('errors', () => {
  it('tell what, expected, got, next', () => {
    expect(new OperatorError({ what: 'seed', expected: 'a whole number', got: 'abc', next: 'Use --seed 7.' }).message).toBe(
      'seed: expected a whole number, got "abc". Use --seed 7.',
    )
  })

  it('suggest the nearest name', () => {
    expect(unknownName('parameter', 'poeple', ['people', 'steps']).message).toContain('Did you mean "people"?')
    expect(closest('zzz', ['people'])).toBeUndefined()
  })
})
