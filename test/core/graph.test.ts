import { NotSaveable, Stream } from 'mycelia'
import { describe, expect, it } from 'vitest'
import { decodeValue, encodeExact, encodeValue, Rng, rootOf } from '../../src/core/index.js'

/** The other NaN: with the sign bit set, as `0 / 0` gives on x86. */
function signedNaN(): Float64Array {
  return new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)
}

describe('two forms of encoding', () => {
  it('the canonical one writes −0 as 0, the exact one keeps it, wherever it stands', () => {
    const value = { x: -0, list: [-0, 0, -1], map: new Map([[1, -0]]) }
    const back = decodeValue(encodeExact(value)) as typeof value
    expect([Object.is(back.x, -0), Object.is(back.list[0], -0), Object.is(back.list[1], 0)]).toEqual([true, true, true])
    expect(Object.is(back.map.get(1), -0)).toBe(true)
    expect(Object.is((decodeValue(encodeValue(value)) as typeof value).x, 0)).toBe(true)
    expect(encodeExact({ x: 1.5, y: [2, 'a'] })).toEqual(encodeValue({ x: 1.5, y: [2, 'a'] }))
  })

  it('one NaN in typed arrays, too: which of them a sum gives is the processor’s choice', () => {
    expect(encodeValue(signedNaN())).toEqual(encodeValue(new Float64Array([Number.NaN])))
    expect(decodeValue(encodeValue(new Float64Array([1, Number.NaN, -0])))).toEqual(new Float64Array([1, Number.NaN, -0]))
    const single = new Float32Array([Number.NaN, 2])
    expect(decodeValue(encodeValue(single))).toEqual(single)
  })

  it('leaves the value itself as it was', () => {
    const array = signedNaN()
    const before = new Uint8Array(array.buffer).slice()
    encodeValue(array)
    expect(new Uint8Array(array.buffer)).toEqual(before)
  })

  it('refuses classes derived from Array, Map and Set, which would come back as their parents', () => {
    for (const thing of [new (class Odd extends Array {})(), new (class Odd extends Map {})(), new (class Odd extends Set {})()])
      expect(() => encodeValue({ thing })).toThrow(NotSaveable)
  })

  it('keeps typed arrays of every kind, shared ones shared', () => {
    const shared = new Int32Array([1, -2])
    const value = [shared, new Uint8Array([255]), new Float32Array([0.5]), new Uint8ClampedArray([7]), shared, new Int16Array(0)]
    const back = decodeValue(encodeValue(value)) as typeof value
    expect(back).toEqual(value)
    expect(back[4]).toBe(back[0])
  })
})

describe('a fast shuffle', () => {
  it('draws as the general one does, and leaves the stream where that leaves it', () => {
    for (const n of [0, 1, 2, 3, 10, 1000]) {
      const [fast, slow] = [new Stream(rootOf(n), 'shuffle'), new Stream(rootOf(n), 'shuffle')]
      const list = Array.from({ length: n }, (_, i) => i)
      expect(fast.shuffle([...list])).toEqual(Rng.prototype.shuffle.call(slow, [...list]))
      expect(fast.uint32()).toBe(slow.uint32())
    }
  })
})
