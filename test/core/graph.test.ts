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
    const signed = new Float32Array(new Uint32Array([0xffc0_0001]).buffer)
    expect(encodeValue(signed)).toEqual(encodeValue(new Float32Array([Number.NaN])))
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

  it('refuses arrays that share memory, and bytes that name what is not known', () => {
    const whole = new Float64Array(4)
    expect(() => encodeValue({ whole, half: whole.subarray(2) })).toThrow('.half shares its memory with another array')
    const bytes = encodeValue(new Uint8Array(1))
    bytes[1] = 99
    expect(() => decodeValue(bytes)).toThrow('Unknown typed array')
    const named = encodeValue(new Stream(rootOf(1), 'a'))
    named[named.indexOf('S'.charCodeAt(0))] = 'X'.charCodeAt(0)
    expect(() => decodeValue(named)).toThrow('The bytes hold a "Xtream", which this build does not know')
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
