/** Messages that are signed with a key: what is not, counts nowhere. */

import { describe, expect, it } from 'vitest'
import { OperatorError } from '../../src/core/index.js'
import { Signer, transportLimits } from '../../src/transport/index.js'
import { FakeClock } from './fake-clock.js'
import { memoryField } from './fields.js'
import { MemoryExchange } from './memory.js'

const signer = Signer.of('a key of thirty-two characters…', 'a test')
const text = '{"v":1,"topic":"x","from":"a","epoch":"e","seq":1,"t":5,"data":{"close":1.5}}'

/** Keeps what passes, so that a test can say it again. */
class HeardExchange extends MemoryExchange {
  readonly said: { channel: string; text: string }[] = []

  override publish(channel: string, said: string): void {
    this.said.push({ channel, text: said })
    super.publish(channel, said)
  }
}

async function meet() {
  const clock = new FakeClock()
  const exchange = new HeardExchange()
  const field = memoryField(exchange, clock)
  const a = await field.open({ name: 'a', topics: [], signer })
  const b = await field.open({ name: 'b', topics: ['x', 'y'], peers: ['a'], signer })
  await field.until(() => b.state('x').fresh, 'b knows a')
  return { clock, exchange, field, a, b }
}

describe('a signature', () => {
  it('is the last field of a text, of as many characters for every key, and is that of its channel', () => {
    const signed = signer.sign('x', text)
    expect(signed.slice(0, text.length - 1)).toBe(text.slice(0, -1))
    expect(JSON.parse(signed).sig).toMatch(/^[\w-]{43}$/)
    expect(signer.open('x', signed)).toEqual({ text })
    expect(signer.open('y', signed)).toBe('signature')
    expect(signer.open('x', text)).toBe('unsigned')
    expect(signer.open('x', Signer.of('another key, as long as that', 'a test').sign('x', text))).toBe('signature')
  })

  it('is wrong wherever one character of the text or of itself is another', () => {
    const signed = signer.sign('x', text)
    for (let at = 0; at < signed.length; at++) {
      const other = `${signed.slice(0, at)}${signed[at] === 'A' ? 'B' : 'A'}${signed.slice(at + 1)}`
      expect(typeof signer.open('x', other), other).toBe('string')
    }
  })

  it('is made with a key of some length, which no error shows', () => {
    expect(() => Signer.of('short', 'MYCELIA_BUS_KEY')).toThrow(OperatorError)
    expect(() => Signer.of('tooshort', 'MYCELIA_BUS_KEY')).toThrow(
      /MYCELIA_BUS_KEY: expected a key of at least 16 characters, got "8"/,
    )
    expect(JSON.stringify(signer)).not.toContain('thirty-two')
  })
})

describe('processes with one key', () => {
  it('understand each other, heartbeats, questions and answers included', async () => {
    const { field, a, b } = await meet()
    for (let n = 1; n <= 3; n++) a.publish('x', n)
    await field.until(() => b.waiting === 3, 'all are here')
    expect(b.take(9).map(m => [m.seq, m.data])).toEqual([1, 2, 3].map(n => [n, n]))
    const late = await field.open({ name: 'c', topics: ['x'], peers: ['a'], signer })
    await field.until(() => late.waiting === 1, 'the last one is answered')
    await field.close()
  })

  it('B12: hear nobody without it, whatever he knows, and are heard by nobody without it', async () => {
    const { exchange, field, a, b } = await meet()
    a.publish('x', 1)
    await field.until(() => b.waiting === 1, 'it is here')
    const before = b.counters()
    for (const said of [...exchange.said]) {
      const open = signer.open(said.channel, said.text)
      if (typeof open === 'string') throw new Error(open)
      await field.raw(said.channel, open.text)
      await field.raw(said.channel, Signer.of('the key of somebody else', 'a test').sign(said.channel, open.text))
      await field.raw('y', said.text)
    }
    const after = b.counters()
    expect(after['rejected.unsigned']).toBeGreaterThan(3)
    expect(after['rejected.signature']).toBeGreaterThan(6)
    expect({ ...after, received: 0, 'rejected.unsigned': 0, 'rejected.signature': 0 }).toEqual({ ...before, received: 0 })
    const deaf = await field.open({ name: 'd', topics: ['x'] })
    a.publish('x', 2)
    expect(deaf.waiting).toBe(0)
    expect(deaf.counters()['rejected.signature']).toBeGreaterThan(0)
    await field.close()
  })

  it('B12: take nothing that was said before a second time, heartbeats and farewells neither', async () => {
    const { clock, exchange, field, a, b } = await meet()
    for (let n = 1; n <= 300; n++) {
      a.publish('x', n)
      clock.advance(20)
    }
    await field.until(() => b.waiting === 300, 'all are here')
    const accepted = b.counters().accepted
    const heard = b.counters().beatsReceived
    for (const { channel, text: said } of exchange.said.filter(each => each.text.includes('"from":"a"')))
      await field.raw(channel, said)
    expect(b.counters().accepted).toBe(accepted)
    expect(b.counters().beatsReceived).toBe(heard)
    expect(b.counters()['rejected.replay']).toBeGreaterThan(50)
    expect(b.counters().duplicates).toBe(300)
    // A process that died is not kept alive by what it once said.
    await a.close()
    for (let i = 0; i < 40; i++) {
      clock.advance(100)
      for (const { channel, text: said } of exchange.said.slice(-5))
        if (said.includes('"from":"a"')) await field.raw(channel, said)
    }
    expect(b.state('x')).toMatchObject({ fresh: false, doubt: 'silent' })
    await field.close()
  })

  it('read no text that is too long, signed or not', async () => {
    const { field, b } = await meet()
    await field.raw('x', signer.sign('x', text.replace('1.5', `"${'x'.repeat(transportLimits.messageLength)}"`)))
    expect(b.counters()['rejected.too-long']).toBe(1)
    await field.close()
  })
})
