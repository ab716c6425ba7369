/** B6: whatever bytes arrive, the parser answers with an envelope or with one named reason. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootOf, Stream } from '../../src/core/index.js'
import {
  type Envelope,
  encodeEnvelope,
  parseEnvelope,
  type RejectReason,
  rejectReasons,
  transportLimits,
} from '../../src/transport/index.js'
import { FakeClock } from './fake-clock.js'
import { memoryField } from './fields.js'
import { MemoryExchange } from './memory.js'

const good = { v: 1, topic: 'x', from: 'a', epoch: 'e', seq: 1, t: 5, data: { close: 1.5 } }
const json = (change: object) => JSON.stringify({ ...good, ...change })
const text = JSON.stringify(good)
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** Hostile texts by the reason they must be refused for. */
const hostile: readonly (readonly [RejectReason, string])[] = [
  ['too-long', json({ data: 'x'.repeat(1_000_000) })],
  ['too-long', '['.repeat(1_000_000)],
  ['not-json', ''],
  ['not-json', text.slice(0, -1)],
  ['not-json', `${text}{`],
  ['not-json', '['.repeat(200_000)],
  ['not-json', text.replace('1.5', 'NaN')],
  ['not-an-object', '[]'],
  ['not-an-object', 'null'],
  ['not-an-object', '"text"'],
  ['not-an-object', '1e999'],
  ['version', '{}'],
  ['version', json({ v: 2 })],
  ['version', json({ v: '1' })],
  ['shape', json({ topic: '' })],
  ['shape', json({ topic: 7 })],
  ['shape', json({ from: null })],
  ['shape', json({ from: 'n'.repeat(201) })],
  ['shape', json({ epoch: [] })],
  ['shape', json({ seq: 0 })],
  ['shape', json({ seq: 1.5 })],
  ['shape', json({ seq: 2 ** 53 })],
  ['shape', text.replace('"seq":1', '"seq":1e999')],
  ['shape', json({ t: -1 })],
  ['shape', json({ t: 'now' })],
  ['shape', json({ data: undefined })],
  ['shape', json({ extra: 1 })],
  ['forbidden-key', text.replace('"close"', '"__proto__"')],
  ['forbidden-key', text.replace('"close"', '"\\u005f_proto__"')],
  ['forbidden-key', text.replace('"close":1.5', '"a":[{"constructor":{"prototype":{"polluted":1}}}]')],
  ['forbidden-key', text.replace('"v":1', '"v":1,"__proto__":{"polluted":1}')],
  ['not-finite', text.replace('1.5', '1e999')],
  ['not-finite', text.replace('1.5', '[-1e999]')],
  ['too-deep', text.replace('1.5', nested(transportLimits.depth + 1))],
  ['too-deep', text.replace('1.5', nested(50_000))],
]

/** The long ones cost milliseconds each; they take part in one try of ten. */
const short = hostile.filter(([, bad]) => bad.length < 5_000)

describe('B6: reading an envelope', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.nat(),
        fc.jsonValue({ maxDepth: 5 }),
        (name, seq, time, data) => {
          fc.pre(!/__proto__|constructor|prototype/.test(JSON.stringify(data)))
          const message = { topic: name, epoch: name, seq: seq + 1, time, data: JSON.stringify(data) }
          const plain = JSON.parse(JSON.stringify(data)) as unknown
          expect(parseEnvelope(encodeEnvelope(name, message))).toEqual({
            v: 1,
            topic: name,
            from: name,
            epoch: name,
            seq: seq + 1,
            t: time,
            data: plain,
          })
        },
      ),
      { seed: 1 },
    )
  })

  it.each(hostile)('refuses as %s: %.60s', (reason, bad) => expect(parseEnvelope(bad)).toBe(reason))

  it('accepts the deepest nesting it promises', () => {
    expect(parseEnvelope(text.replace('{"close":1.5}', nested(transportLimits.depth)))).toMatchObject({ seq: 1 })
  })

  it('survives 10,000 malformed texts, counts each by its reason, and leaves every prototype clean', async () => {
    const rng = new Stream(rootOf(6), 'fuzz')
    const before = Object.getOwnPropertyNames(Object.prototype).length
    const exchange = new MemoryExchange()
    const field = memoryField(exchange, new FakeClock())
    const transport = await field.open({ name: 'b', topics: ['x'] })
    const expected = new Map<string, number>()
    let accepted = 0
    let received = transport.counters().received ?? 0
    for (let i = 0; i < 10_000; i++) {
      const bad = rng.chance(0.5) ? mutated(rng) : rng.pick(rng.chance(0.1) ? hostile : short)[1]
      const result = parseEnvelope(bad)
      if (typeof result === 'string') expected.set(result, (expected.get(result) ?? 0) + 1)
      else accepted += judge(result)
      await field.raw('x', bad)
      received++
    }
    const counters = transport.counters()
    for (const reason of rejectReasons) {
      if (reason !== 'topic' && reason !== 'link' && reason !== 'sources')
        expect([reason, counters[`rejected.${reason}`]]).toEqual([reason, expected.get(reason) ?? 0])
    }
    for (const reason of [
      'too-long',
      'not-json',
      'not-an-object',
      'version',
      'shape',
      'forbidden-key',
      'not-finite',
      'too-deep',
    ]) {
      expect(expected.get(reason) ?? 0, `hits of ${reason}`).toBeGreaterThanOrEqual(20)
    }
    const rejected = rejectReasons.reduce((sum, reason) => sum + (counters[`rejected.${reason}`] ?? 0), 0)
    const { accepted: news = 0, duplicates = 0, late = 0, conflicts = 0 } = counters
    expect(rejected + news + duplicates + late + conflicts).toBe(10_000)
    expect(accepted).toBeGreaterThan(20)
    expect(counters.received).toBeGreaterThanOrEqual(received)
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    for (const { data } of transport.take(10_000)) expect(Object.getPrototypeOf(Object(data))).not.toHaveProperty('polluted')
    await field.close()
  })
})

function judge(envelope: Envelope): number {
  expect(Object.keys(envelope).sort()).toEqual(['data', 'epoch', 'from', 'seq', 't', 'topic', 'v'])
  return 1
}

/** One to four bytes of a good envelope changed, cut or doubled. */
function mutated(rng: Stream): string {
  let bad = text
  for (let n = 1 + rng.int(4); n > 0; n--) {
    const at = rng.int(bad.length)
    const piece = rng.pick(['', '"', '{', '}', ',', '0', '9', '-', 'e', '\\', '\u0000', bad.slice(at, at + rng.int(8))])
    bad = bad.slice(0, at) + piece + bad.slice(at + rng.int(2))
  }
  return bad
}
