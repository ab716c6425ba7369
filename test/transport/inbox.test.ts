/** The receiver's accounts as a pure state machine: what is new, what is dropped, what is in doubt. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Inbox, type InboxOptions, transportLimits } from '../../src/transport/index.js'

const options: InboxOptions = { topics: ['x', 'y'], beatMs: 100, askMs: 50, peers: [] }
const message = (seq: number, epoch = 'e1', t = 0, from = 'a', topic = 'x') => ({ topic, from, epoch, seq, t })
const beat = (last: Record<string, number>, more: { epoch?: string; t?: number; answer?: boolean } = {}) => ({
  from: 'a',
  epoch: 'e1',
  t: 0,
  everyMs: 100,
  last,
  answer: false,
  ...more,
})

/** An inbox that knows publisher a from its start. */
function knowing(peers: readonly string[] = []): Inbox {
  const inbox = new Inbox({ ...options, peers }, 0)
  inbox.online(0)
  inbox.beat(beat({}, { answer: true }), 0)
  return inbox
}

describe('an inbox', () => {
  it('takes each seq once, in rising order, and counts the holes', () => {
    const inbox = knowing()
    expect([1, 2, 2, 5, 4, 4, 1, 6].map(seq => inbox.message(message(seq), 1))).toEqual([
      'new',
      'new',
      'duplicate',
      'new',
      'late',
      'duplicate',
      'duplicate',
      'new',
    ])
    expect(inbox.missed).toBe(2)
  })

  it('counts what came before its first message as missed only where it heard the publisher before', () => {
    const inbox = new Inbox(options, 0)
    inbox.online(0)
    inbox.message(message(7), 1)
    expect(inbox.missed).toBe(0)
    const early = knowing()
    early.message(message(7), 1)
    expect(early.missed).toBe(6)
  })

  it('doubts a topic after a gap until the publisher says that nothing newer is missing', () => {
    const inbox = knowing()
    inbox.message(message(1), 10)
    inbox.message(message(3), 20)
    expect(inbox.doubt('x', 25)).toMatchObject({ doubt: 'gap', since: 20, from: 'a' })
    expect(inbox.doubt('y', 25)).toBeUndefined()
    inbox.beat(beat({ x: 2 }), 30)
    expect(inbox.doubt('x', 31)).toBeDefined()
    inbox.beat(beat({ x: 3 }), 40)
    expect(inbox.doubt('x', 41)).toBeUndefined()
  })

  it('sees a lost tail in the beat, asks for it, and takes it from the answer', () => {
    const inbox = knowing()
    inbox.message(message(1), 10)
    inbox.beat(beat({ x: 4 }), 60)
    expect(inbox.doubt('x', 61)).toMatchObject({ doubt: 'gap', since: 60 })
    expect(inbox.questions(61)).toEqual([{ to: 'a', topics: ['x'] }])
    expect(inbox.questions(62)).toEqual([])
    expect(inbox.questions(120)).toHaveLength(1)
    expect(inbox.snapshot(message(4), 130)).toBe('new')
    expect(inbox.missed).toBe(2)
    inbox.beat(beat({ x: 4 }, { answer: true }), 131)
    expect(inbox.doubt('x', 132)).toBeUndefined()
    expect(inbox.message(message(4), 133)).toBe('late')
    expect(inbox.message(message(5), 134)).toBe('new')
  })

  it('begins anew with a new epoch, and is in doubt until its question is answered', () => {
    const inbox = knowing()
    inbox.message(message(9), 10)
    const missed = inbox.missed
    expect(inbox.message(message(1, 'e2', 100), 20)).toBe('new')
    expect(inbox.missed).toBe(missed)
    expect(inbox.doubt('x', 21)).toMatchObject({ doubt: 'gap', since: 20 })
    expect(inbox.questions(100)).toEqual([{ to: 'a', topics: ['x', 'y'] }])
    inbox.beat(beat({ x: 1 }, { epoch: 'e2', t: 101, answer: true }), 110)
    expect(inbox.doubt('x', 111)).toBeUndefined()
  })

  it('counts the lost tail of an epoch that ended', () => {
    const inbox = knowing()
    inbox.message(message(1), 10)
    inbox.beat(beat({ x: 4, y: 2 }), 20)
    inbox.message(message(1, 'e2', 100), 30)
    expect(inbox.missed).toBe(3)
    inbox.beat(beat({ x: 1 }, { epoch: 'e2', t: 101, answer: true }), 40)
    expect(inbox.missed).toBe(5)
    expect(inbox.doubt('y', 41)).toBeUndefined()
  })

  it('takes the last message of an earlier start from an answer, while the new start has none', () => {
    const inbox = knowing()
    inbox.message(message(1), 10)
    inbox.beat(beat({}, { epoch: 'e2', t: 100 }), 20)
    expect(inbox.snapshot(message(2), 30)).toBe('new')
    expect(inbox.snapshot(message(2), 31)).toBe('duplicate')
    expect(inbox.missed).toBe(0)
  })

  it('B10: drops old messages of an earlier start quietly, and flags a start that still runs', () => {
    const inbox = knowing()
    inbox.message(message(1), 10)
    inbox.message(message(1, 'e2', 100), 20)
    expect(inbox.message(message(2, 'e1', 50), 30)).toBe('late')
    expect(inbox.doubt('x', 31)?.doubt).not.toBe('conflict')
    expect(inbox.message(message(3, 'e1', 150), 40)).toBe('conflict')
    expect(inbox.doubt('x', 41)).toMatchObject({ doubt: 'conflict', from: 'a' })
  })

  it('doubts what a publisher has spoken on after three silent beats, from the moment they were due', () => {
    const inbox = knowing()
    inbox.message(message(1), 0)
    expect(inbox.doubt('x', 300)).toBeUndefined()
    expect(inbox.doubt('x', 301)).toMatchObject({ doubt: 'silent', since: 300 })
    inbox.beat(beat({ x: 1 }), 310)
    expect(inbox.doubt('x', 311)).toBeUndefined()
  })

  it('misses no guest that never spoke on a topic, and any peer that had to be heard', () => {
    expect(knowing().doubt('x', 5_000)).toBeUndefined()
    expect(knowing(['a']).doubt('x', 5_000)).toMatchObject({ doubt: 'silent', from: 'a' })
  })

  it('after an outage waits for nobody who had gone before it, and lets a guest that says goodbye go at once', () => {
    const inbox = knowing()
    inbox.message(message(1), 1)
    inbox.beat({ ...beat({}, { answer: true }), from: 'guest' }, 10)
    inbox.beat({ ...beat({ x: 1 }, { answer: true }), from: 'operator' }, 10)
    inbox.beat(beat({ x: 1 }), 59_400)
    expect(inbox.doubt('x', 59_500)).toMatchObject({ doubt: 'silent', from: 'operator' })
    inbox.leave('operator')
    expect(inbox.doubt('x', 59_500)).toBeUndefined()
    inbox.offline(60_000)
    inbox.online(70_000)
    expect([...inbox.sources.keys()]).toEqual(['a'])
    inbox.beat(beat({ x: 1 }, { answer: true }), 70_010)
    expect(inbox.doubt('x', 70_100)).toBeUndefined()
  })

  it('has room again where guests that never spoke have gone', () => {
    const inbox = knowing()
    for (let i = 0; i < transportLimits.sources * 2; i++) {
      inbox.beat({ ...beat({}, { answer: true }), from: `guest-${i}` }, i * 100)
      expect(inbox.sources.size).toBeLessThanOrEqual(transportLimits.sources)
    }
    expect(inbox.sources.has(`guest-${transportLimits.sources * 2 - 1}`)).toBe(true)
  })

  it('blames nobody for a silence that was its own', () => {
    const inbox = knowing()
    inbox.forgive(5_000)
    expect(inbox.doubt('x', 5_100)).toBeUndefined()
  })

  it('keeps account of a bounded number of publishers', () => {
    const inbox = knowing()
    for (let i = 0; i < transportLimits.sources * 2; i++) inbox.message(message(1, 'e1', 0, `p${i}`), 1)
    expect(inbox.sources.size).toBe(transportLimits.sources)
    expect(inbox.message(message(1, 'e1', 0, 'one more'), 2)).toBe('sources')
  })

  it('for any order, loss and doubling of a stream: rising, once, and new + missed = the last seq', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 120 }), seqs => {
        const inbox = knowing()
        const taken = seqs.filter(seq => inbox.message(message(seq), 1) === 'new')
        expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b))
        expect(taken.length + inbox.missed).toBe(taken.at(-1) ?? 0)
      }),
      { seed: 2 },
    )
  })
})
