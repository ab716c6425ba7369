/**
 * Single messages of an attacker who listens to a run and knows its topics: whose they claim to be, what they say, in what order, and what
 * was said before. He has no key, no token, and no claim. Where nothing is signed he makes no perfect forgery: one in the name and start of
 * the agent's own process, with its next number, that says what could be true.
 */

import type { Rng } from '../../src/core/index.js'
import { encodeEnvelope, linkChannel, Signer, transportLimits } from '../../src/transport/index.js'
import type { Said } from './two-shards.js'

export interface Attack extends Said {
  readonly kind: string
}

interface Envelope {
  readonly topic: string
  readonly from: string
  readonly epoch: string
  readonly seq: number
  readonly t: number
  readonly data: Record<string, unknown>
}

export interface Attacker {
  readonly rng: Rng
  /** Of the channels of the run. */
  readonly prefix: string
  readonly isSigned: boolean
  readonly now: () => number
  /** Everything that was said so far. */
  readonly said: readonly Said[]
}

const hostile: readonly unknown[] = [
  null,
  '',
  'x',
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  true,
  -1,
  -1e-9,
  0.5,
  9e15,
  -9e15,
  1e300,
  2 ** 53,
  { $n: 'NaN' },
  { $n: '-Infinity' },
  'XMRUSD',
  'Trading-0',
  'PatternLearner-99999',
  "'; DROP TABLE fills; --",
]

/** The next attack; undefined where nothing of the kind was overheard yet. */
export function attack(attacker: Attacker): Attack | undefined {
  const kind = attacker.rng.pick(kinds)
  const made = attacks[kind](attacker)
  return made && { kind, ...made }
}

const attacks = {
  /** A true message again, as it was. */
  replay: ({ rng, said }: Attacker) => (said.length === 0 ? undefined : rng.pick(said)),
  /** A true message on another channel. */
  misplaced({ rng, said }: Attacker) {
    if (said.length === 0) return undefined
    const { text } = rng.pick(said)
    return { channel: rng.pick(said).channel, text: text.replace('"v":1', '"v":1 ') }
  },
  /** A true message in the name of a stranger, of another shard, or of an earlier or later start. */
  stranger: (attacker: Attacker) =>
    changed(attacker, envelope => {
      const { rng } = attacker
      if (rng.chance(0.5))
        return { ...envelope, from: rng.pick(['lively/nobody', 'operator/1', `${envelope.from}2`, 'x'.repeat(200)]) }
      return { ...envelope, epoch: rng.pick(['zzz-1', '0-0', `${envelope.epoch}x`]), seq: envelope.seq + rng.pick([0, 1, 1_000]) }
    }),
  /** In a shard's own name, about agents of another: of the trader's, of none, of numbers beyond all. */
  impostor: (attacker: Attacker) =>
    changed(attacker, envelope => {
      const other = overheard(attacker, e => e.from !== envelope.from && 'agent' in e.data)
      const ids = [0, -1, 0.5, '1', null, 9e15, 2 ** 31, undefined, ...(other === undefined ? [] : [other.data.agent])]
      return {
        ...envelope,
        seq: envelope.seq + attacker.rng.pick([1, 2, 50]),
        data: { ...envelope.data, agent: attacker.rng.pick(ids) },
      }
    }),
  /** One field that is not what the topic says. */
  field: (attacker: Attacker) =>
    changed(attacker, envelope => {
      const { rng } = attacker
      const message = { ...(envelope.data.message as Record<string, unknown>) }
      const names = Object.keys(message).filter(name => !free.has(name))
      const value = names.length === 0 ? undefined : rng.pick(names)
      if (value === undefined) return { ...envelope, data: { ...envelope.data, message: rng.pick(hostile) } }
      message[value] = rng.pick(unfit)
      return { ...envelope, seq: envelope.seq + rng.pick([1, 2, 50]), data: { ...envelope.data, message } }
    }),
  /** Fills, trades, halts and marks of the trader, from whoever. */
  money: (attacker: Attacker) =>
    changed(
      attacker,
      envelope => {
        const { rng } = attacker
        const message = { ...(envelope.data.message as Record<string, unknown>) }
        if (rng.chance(0.5))
          Object.assign(message, { priceUsd: 1, pnlE6: 1_000_000_000, qtyE8: 1, tradeId: rng.pick(['x', message.tradeId]) })
        const from = overheard(attacker, e => e.from !== envelope.from)?.from ?? 'lively/nobody'
        return {
          ...envelope,
          from: rng.pick([from, 'lively/nobody']),
          seq: envelope.seq + rng.pick([1, 2]),
          data: { ...envelope.data, message },
        }
      },
      ({ topic }) => ['fills', 'trade-confirmations', 'synthesized-trade-log', 'book-marks'].includes(topic),
    ),
  /** What the exchange never said, from whoever: rules that stop a pair, a clock that is off, bars of the past, a price to leave at. */
  exchange: (attacker: Attacker) =>
    changed(
      attacker,
      envelope => {
        const { rng } = attacker
        const said = envelope.data.message as Record<string, unknown>
        const isLie = rng.chance(0.5)
        const from = isLie ? (overheard(attacker, e => e.from !== envelope.from)?.from ?? 'lively/nobody') : envelope.from
        const message = { ...said, ...(isLie ? lieAbout(said) : rng.pick(impossible)) }
        return { ...envelope, from, seq: envelope.seq + rng.pick([1, 2]), data: { ...envelope.data, message } }
      },
      ({ topic }) => /^(exchange-terms|market-histories|doubted-ticks):/.test(topic),
    ),
  /** A number that cannot be, or a time to come. */
  order: (attacker: Attacker) =>
    changed(attacker, envelope => {
      const { rng } = attacker
      if (rng.chance(0.5)) return { ...envelope, seq: envelope.seq + 1, t: rng.pick([9e15, attacker.now() + 3_600_000, -1, 0.5]) }
      return {
        ...envelope,
        seq: rng.pick([0, -1, 0.5, 1, 9e15, 2 ** 53 - 1, envelope.seq + 1_000, Math.max(1, envelope.seq - 3)]),
      }
    }),
  /** An order to the run, on a topic of commands and on others. */
  command: (attacker: Attacker) => {
    const { rng, prefix } = attacker
    const known = overheard(attacker, () => true)
    const topic = rng.pick(['system-control', known?.topic ?? 'fills', 'bar-steps'])
    const command = { do: rng.pick(['halt', 'resume', 'unlock', 'sell']), reason: 'an attack', id: 'all:operator' }
    const token = Signer.of('a token of the attacker', 'a test')
    const proofs = [{}, { proof: token.mac('x'), time: attacker.now(), nonce: 'n' }, { proof: 7, time: '1', nonce: [] }]
    const from = known === undefined || rng.chance(0.5) ? 'operator/1' : known.from
    const data = { command, ...rng.pick(proofs) }
    return signed(attacker, prefix + topic, {
      topic,
      from,
      epoch: known?.epoch ?? '1',
      seq: 1 + rng.int(9_999),
      t: attacker.now(),
      data,
    })
  },
  /** A bar that nobody has seen, a step that nobody has made, agents that nobody has lost. */
  steps: (attacker: Attacker) =>
    changed(
      attacker,
      envelope => {
        const { rng } = attacker
        const wrong = [
          { barEnd: 9e15 },
          { step: 9e15 },
          { barEnd: 9e15, step: 9e15 },
          { step: -1 },
          { barEnd: 60_000 },
          { lost: ['Trading-0', 9] },
          { lost: 'PatternLearner-0' },
          { barEnd: null },
        ]
        return { ...envelope, seq: envelope.seq + rng.pick([1, 2]), data: { ...envelope.data, ...rng.pick(wrong) } }
      },
      ({ topic }) => topic === 'bar-steps',
    ),
  /** Heartbeats, questions and farewells: in a stranger's name, and where all is signed in a shard's own. */
  link(attacker: Attacker) {
    const { rng, prefix, isSigned } = attacker
    const known = overheard(attacker, () => true)
    if (known === undefined) return undefined
    const data = rng.pick<Record<string, unknown>>([
      { kind: 'beat', everyMs: 1, answer: true, last: { fills: 9e15, 'market-data:SOLUSD': 9e15 } },
      { kind: 'question', topics: ['fills', 'market-data:SOLUSD'] },
      { kind: 'leave' },
      { kind: 'snapshot', topic: known.topic, epoch: known.epoch, seq: known.seq + 1, time: attacker.now(), data: known.data },
      { kind: 'nonsense' },
      { kind: 'beat', everyMs: -1, answer: 'yes', last: [] },
    ])
    const from = isSigned && rng.chance(0.7) ? known.from : 'lively/nobody'
    const channel = rng.chance(0.5) ? linkChannel : `${linkChannel}:${known.from}`
    return signed(attacker, prefix + channel, { ...known, topic: linkChannel, from, data })
  },
  /** What is hardly a message. */
  garbage({ rng, said }: Attacker) {
    if (said.length === 0) return undefined
    const { channel, text } = rng.pick(said)
    const at = rng.int(text.length)
    const texts = [
      text.slice(0, at),
      `${'['.repeat(50_000)}`,
      'x'.repeat(1_000_000),
      text.replace('"data":', `"data":${'['.repeat(100)}${']'.repeat(100)},"data2":`),
      text.replace('"message":{', '"message":{"__proto__":{"polluted":1},'),
      text.replace('"v":1', '"v":2'),
      text.replace(/"seq":\d+/, '"seq":1e999'),
      'null',
    ]
    return { channel, text: rng.pick(texts) }
  },
} satisfies Record<string, (attacker: Attacker) => Said | undefined>

/** What could be true, and would stop entries or move money. */
function lieAbout({ bars, price, rules }: Record<string, unknown>): object {
  if (Array.isArray(bars)) return { bars: bars.map(bar => ({ ...bar, low: 1e-6 })) }
  if (typeof price === 'number') return { price: price * 1_000 }
  return { rules: { ...(rules as object), minQtyE8: 1e15 }, clockOffSince: 1 }
}

/** What is no message of any of these topics. */
const impossible: readonly object[] = [
  { rules: 'none', bars: 'none', price: 'none' },
  { rules: { lotE8: 0, minQtyE8: 0, minCostE6: 0, tickUsd: 0 }, bars: [{}], price: 0 },
  { rules: { lotE8: 1, minQtyE8: 9e300, minCostE6: 0, tickUsd: 0 }, bars: {}, price: 9e300 },
  { rules: { lotE8: 1, minQtyE8: 0, minCostE6: 0, tickUsd: -1 }, bars: null, price: -1 },
  { clockOffSince: 9e15, time: 9e15 },
  { clockOffSince: -1, time: -1 },
  { pair: 'XMRUSD' },
]

/** The kinds of attacks. */
export const kinds = Object.keys(attacks) as (keyof typeof attacks)[]

/** Fields in which almost any text, or almost any number, could be true. */
const free = new Set(['id', 'features', 'recall', 'moats', 'stream', 'reason', 'ends', 'kind', 'policy', 'driver', 'transform'])
/** What no other field may be. */
const unfit: readonly unknown[] = ['x'.repeat(5_000), 'XMRUSD', [[]], [{}], { $n: 'NaN' }, { $n: '-Infinity' }, {}]

function changed(
  attacker: Attacker,
  change: (envelope: Envelope) => Envelope,
  which: (envelope: Envelope) => boolean = ({ data }) => 'message' in data,
): Said | undefined {
  const envelope = overheard(attacker, which)
  if (envelope === undefined) return undefined
  return signed(attacker, attacker.prefix + envelope.topic, change(envelope))
}

/** A message that was said, of the last few hundred. */
function overheard({ rng, said }: Attacker, which: (envelope: Envelope) => boolean): Envelope | undefined {
  const recent = said.slice(-300).flatMap(({ text }) => {
    try {
      const envelope = JSON.parse(text) as Envelope
      return envelope.topic !== linkChannel && which(envelope) ? [envelope] : []
    } catch {
      return []
    }
  })
  return recent.length === 0 ? undefined : rng.pick(recent)
}

/** Where all is signed: with no signature, with another's, with one of another key. */
function signed({ rng, said, isSigned }: Attacker, channel: string, { topic, from, epoch, seq, t, data }: Envelope): Said {
  const text = encodeEnvelope(from, { topic, epoch, seq, time: t, data: JSON.stringify(data) })
  const other = said.findLast(each => each.text.includes('"sig":'))?.text.slice(-53) ?? '}'
  const forged = [text, Signer.of('not the key of this run', 'a test').sign(channel, text), `${text.slice(0, -1)}${other}`]
  return { channel, text: isSigned ? rng.pick(forged) : text.slice(0, transportLimits.messageLength) }
}
