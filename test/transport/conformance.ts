/** What every transport promises, whatever carries it: one suite for memory, faulty(0 %) and Redis. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Transport, type TransportOptions, transportLimits } from '../../src/transport/index.js'

export type SomeOptions = Partial<Omit<TransportOptions, 'clock'>> & { readonly name: string }

/** A place where transports meet, with its own way of letting time pass. */
export interface Field {
  open(options: SomeOptions): Promise<Transport>
  /** Puts a text on a channel, past every transport. */
  raw(channel: string, text: string): Promise<void>
  until(holds: () => boolean, what: string): Promise<void>
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

export function transportConformance(kind: string, make: () => Promise<Field>, skip?: string): void {
  describe.skipIf(skip !== undefined)(`B5: a transport over ${kind}${skip === undefined ? '' : ` (skipped: ${skip})`}`, () => {
    let field: Field
    beforeEach(async () => {
      field = await make()
    })
    afterEach(() => field.close())

    const pair = async (options: Partial<SomeOptions> = {}) => {
      const a = await field.open({ name: 'a', topics: [], ...options })
      const b = await field.open({ name: 'b', topics: ['x', 'y'], peers: ['a'], ...options })
      await field.until(() => b.state('x').fresh, 'b knows a')
      return { a, b }
    }
    const arrived = (transport: Transport, n: number) => field.until(() => transport.waiting === n, `${n} messages wait`)

    it('hands on what another process published, in order and unchanged', async () => {
      const { a, b } = await pair()
      const data = { text: 'ä\u2028"\\', n: -0.5, list: [1, null, true, { deep: [] }], empty: {} }
      a.publish('x', data)
      a.publish('y', 'second')
      a.publish('x', 3)
      await arrived(b, 3)
      const got = b.take(10)
      expect(got.map(m => [m.topic, m.seq, m.data])).toEqual([
        ['x', 1, data],
        ['y', 1, 'second'],
        ['x', 2, 3],
      ])
      expect(got.every(m => m.from === 'a' && m.epoch === a.epoch && m.kind === 'message')).toBe(true)
      expect(b.counters()).toMatchObject({ accepted: 3, missed: 0, duplicates: 0, late: 0 })
    })

    it('gives what waits piece by piece, oldest first', async () => {
      const { a, b } = await pair()
      for (let i = 0; i < 10; i++) a.publish('x', i)
      await arrived(b, 10)
      expect([b.take(3), b.take(0), b.take(100)].map(list => list.map(m => m.data))).toEqual([
        [0, 1, 2],
        [],
        [3, 4, 5, 6, 7, 8, 9],
      ])
      expect(b.waiting).toBe(0)
    })

    it('drops its own echo and counts it', async () => {
      const { a, b } = await pair({ topics: ['x'] })
      a.publish('x', 1)
      await arrived(b, 1)
      await field.until(() => (a.counters().echoes ?? 0) > 0, 'the echo came')
      expect(a.waiting).toBe(0)
      expect(a.conflicts()).toEqual([])
    })

    it('hands on nothing of topics nobody here listens to', async () => {
      const { a, b } = await pair()
      a.publish('z', 1)
      a.publish('x', 2)
      await arrived(b, 1)
      expect(b.take(9).map(m => m.topic)).toEqual(['x'])
    })

    it('gives a late joiner the last message of each topic, and calls nothing missed', async () => {
      const a = await field.open({ name: 'a', topics: [] })
      for (let i = 1; i <= 5; i++) a.publish('x', i)
      a.publish('y', 'only')
      await field.pass(20)
      const b = await field.open({ name: 'b', topics: ['x', 'y'], peers: ['a'] })
      await arrived(b, 2)
      a.publish('x', 6)
      await arrived(b, 3)
      expect(b.take(9).map(m => [m.topic, m.seq, m.data])).toEqual(
        expect.arrayContaining([
          ['x', 5, 5],
          ['y', 1, 'only'],
          ['x', 6, 6],
        ]),
      )
      expect(b.counters()).toMatchObject({ missed: 0, recovered: 2, duplicates: 0 })
    })

    it('sends only after the commit: a stamped message stays here until it is sent', async () => {
      const { a, b } = await pair()
      const stamped = a.stamp('x', 'committed')
      await field.pass(30)
      expect(b.waiting).toBe(0)
      expect(stamped === undefined ? 0 : a.send([stamped])).toBe(1)
      await arrived(b, 1)
    })

    it('B10: a restarted publisher begins a new epoch without a false gap, after what it had not announced', async () => {
      const { a, b } = await pair()
      a.publish('x', 1)
      const unsent = a.stamp('x', 2)
      if (unsent === undefined) throw new Error('not stamped')
      await arrived(b, 1)
      await a.close()
      let announced = 0
      const again = await field.open({
        name: 'a',
        topics: [],
        epoch: 'a-2',
        unannounced: [unsent],
        onAnnounced: () => announced++,
      })
      again.publish('x', 3)
      await arrived(b, 3)
      expect(b.take(9).map(m => [m.epoch, m.seq, m.data])).toEqual([
        [a.epoch, 1, 1],
        [a.epoch, 2, 2],
        ['a-2', 1, 3],
      ])
      expect(b.counters()).toMatchObject({ missed: 0, duplicates: 0, conflicts: 0 })
      expect(announced).toBe(1)
      expect(again.counters().conflicts).toBe(0)
    })

    it('B10: what is announced twice is delivered once', async () => {
      const { a, b } = await pair()
      const sent = a.stamp('x', 1)
      if (sent === undefined) throw new Error('not stamped')
      a.send([sent])
      await arrived(b, 1)
      await a.close()
      await field.open({ name: 'a', topics: [], epoch: 'a-2', unannounced: [sent] })
      await field.until(() => b.state('x').fresh && (b.counters().duplicates ?? 0) > 0, 'seen again and settled')
      expect(b.take(9).map(m => m.data)).toEqual([1])
    })

    it('B10: two publishers with one name are flagged by all, and the first is heard no more', async () => {
      const notices: string[] = []
      const { a, b } = await pair({ onNotice: sentence => notices.push(sentence) })
      a.publish('x', 'first')
      await arrived(b, 1)
      await field.pass(20)
      const twin = await field.open({ name: 'a', topics: [], epoch: 'twin' })
      twin.publish('x', 'twin')
      await arrived(b, 2)
      await field.pass(20)
      a.publish('x', 'first again')
      await field.until(() => b.conflicts().length > 0 && a.conflicts().length > 0, 'the conflict is seen')
      expect(b.state('x')).toMatchObject({ fresh: false, doubt: 'conflict', from: 'a' })
      expect(b.take(9).map(m => m.data)).toEqual(['first', 'twin'])
      expect(notices.join()).toContain('Two processes use the name "a"')
    })

    it('shows a peer that fell silent as stale since then, and as fresh when it is back', async () => {
      const { a, b } = await pair({ beatMs: 40 })
      await a.close()
      await field.until(() => !b.state('x').fresh, 'silence is seen')
      const state = b.state('x')
      expect(state).toMatchObject({ doubt: 'silent', from: 'a' })
      expect(state.staleSince).toBeGreaterThan(0)
      expect(b.stale().map(s => s.topic)).toEqual(['x', 'y'])
      await field.open({ name: 'a', topics: [], epoch: 'a-2', beatMs: 40 })
      await field.until(() => b.stale().length === 0, 'fresh again')
    })

    it('is stale until every expected peer was heard', async () => {
      const b = await field.open({ name: 'b', topics: ['x'], peers: ['a', 'c'] })
      expect(b.state('x')).toMatchObject({ fresh: false, doubt: 'unheard', from: 'a' })
      await field.open({ name: 'a', topics: [] })
      await field.until(() => b.state('x').from === 'c', 'a is heard')
      await field.open({ name: 'c', topics: [] })
      await field.until(() => b.state('x').fresh, 'c is heard')
    })

    it('refuses what is too long before it gets a seq', async () => {
      const { a, b } = await pair()
      expect(a.publish('x', 'y'.repeat(transportLimits.messageLength))).toBe(false)
      a.publish('x', 'short')
      await arrived(b, 1)
      expect(a.counters()).toMatchObject({ oversized: 1, stamped: 1, sent: 1 })
      expect(b.counters().missed).toBe(0)
    })

    it('counts garbage and data its owner refuses, and goes on', async () => {
      const { a, b } = await pair({ check: (_topic, data) => (data === 'bad' ? 'bad data' : undefined) })
      for (const text of ['', '{', '[]', 'null', '{"v":9}', '{"v":1}']) await field.raw('x', text)
      a.publish('x', 'bad')
      a.publish('x', 'good')
      await arrived(b, 1)
      expect(b.counters()).toMatchObject({
        'rejected.not-json': 2,
        'rejected.not-an-object': 2,
        'rejected.version': 1,
        'rejected.shape': 1,
        'rejected.payload': 1,
        missed: 0,
        accepted: 1,
      })
    })

    it('hands on nothing after it was closed', async () => {
      const { a, b } = await pair()
      await a.close()
      expect(a.publish('x', 1)).toBe(false)
      expect(a.counters()).toMatchObject({ unsent: 1 })
      await field.pass(30)
      expect(b.waiting).toBe(0)
    })
  })
}
