/** B9, T1, T4 for the transport's own timers: no bursts, no false silence, no instant firing of long ones. */
import { describe, expect, it } from 'vitest'
import { systemClock } from '../../src/feed/clock.js'
import { Endpoint, startEpoch } from '../../src/transport/index.js'
import { FakeClock } from './fake-clock.js'
import { memoryField } from './fields.js'
import { MemoryExchange } from './memory.js'

const count = (transport: { counters(): Readonly<Record<string, number>> }, name: string) => transport.counters()[name] ?? 0

async function pair() {
  const clock = new FakeClock()
  const field = memoryField(new MemoryExchange(), clock)
  const notices: string[] = []
  const a = await field.open({ name: 'a', topics: [], beatMs: 1_000 })
  const b = await field.open({
    name: 'b',
    topics: ['x'],
    peers: ['a'],
    beatMs: 1_000,
    onNotice: sentence => notices.push(sentence),
  })
  await field.until(() => b.state('x').fresh, 'fresh')
  return { clock, field, a, b, notices }
}

describe('the transport’s timers', () => {
  it('B9: after the process did nothing for 5 s there is one beat, one sentence, and nobody is called silent', async () => {
    const { clock, a, b, notices } = await pair()
    const beats = count(a, 'beatsSent')
    clock.stall(5_000)
    expect(count(a, 'beatsSent') - beats).toBe(1)
    expect(count(b, 'stalls')).toBe(1)
    expect(notices.join()).toMatch(/did nothing for [45]\d\d\d ms/)
    expect(b.state('x').fresh).toBe(true)
  })

  it.each([3_600_000, -3_600_000, 86_400_000, -86_400_000])(
    'T1: a wall clock that jumps by %d ms makes nothing stale',
    async jump => {
      const { clock, field, a, b } = await pair()
      clock.wallOffset += jump
      await field.pass(10_000)
      a.publish('x', 1)
      expect(b.state('x').fresh).toBe(true)
      expect(b.take(9)).toHaveLength(1)
    },
  )

  it('T4: a beat every 30 days does not come at once', async () => {
    const transport = new Endpoint(new MemoryExchange().wire(), {
      name: 'a',
      epoch: startEpoch(1, 1),
      topics: [],
      clock: systemClock(),
      beatMs: 30 * 86_400_000,
    })
    await transport.start()
    const beats = count(transport, 'beatsSent')
    await new Promise(resolve => setTimeout(resolve, 30))
    expect(count(transport, 'beatsSent')).toBe(beats)
    await transport.close()
  })

  it('leaves no timer behind when closed', async () => {
    const { clock, a, b } = await pair()
    await a.close()
    await b.close()
    expect(clock.timersSet).toBe(0)
  })
})
