/** The live probe on real routes: traceroute and mtr across network namespaces, with the delay of a link set while they are watched. */
import { delimiter } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/feed/index.js'
import { probeHost } from '../../../src/feed/net/probe.js'
import { leastRttMs, type NetScan } from '../../../src/market/index.js'
import { atNight, isNight } from '../../tier.js'
import { makeNet, type Net, target, whyNot } from './namespaces.js'

const reason = whyNot()

const scan = (program: 'traceroute' | 'mtr' = 'traceroute', tcp = false): Promise<NetScan> =>
  probeHost(target, { program, tcp, vantage: 'here', clock: systemClock() })
const addresses = ({ hops }: NetScan) => hops.map(hop => hop.address)

describe.skipIf(reason !== undefined)(`real routes${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let net: Net
  const before = process.env.PATH
  beforeAll(async () => {
    net = await makeNet()
    process.env.PATH = `${net.path}${delimiter}${before}`
  })
  afterAll(() => {
    process.env.PATH = before
    net?.close()
  })

  it('measures by traceroute what the link delays, and notices when that changes', async () => {
    await net.link(40, 0, 0)
    const usual = await scan()
    expect(addresses(usual)).toEqual(['10.77.1.2', '10.77.2.2', target])
    expect(leastRttMs(usual)).toBeGreaterThan(79)
    expect(leastRttMs(usual)).toBeLessThan(110)
    await net.link(120, 5, 0)
    expect(leastRttMs(await scan())).toBeGreaterThan(215)
  })

  it.skipIf(!isNight)(
    atNight('measures the same by mtr, and by TCP'),
    async () => {
      await net.link(20, 0, 0)
      for (const seen of [await scan('mtr'), await scan('traceroute', true)]) {
        expect(addresses(seen).at(-1)).toBe(target)
        expect(leastRttMs(seen)).toBeGreaterThan(39)
        expect(leastRttMs(seen)).toBeLessThan(70)
      }
    },
    60_000,
  )

  it('sees another route, with the router that it goes through', async () => {
    await net.link(5, 0, 0)
    net.detour(true)
    expect(addresses(await scan())).toEqual(['10.77.1.2', '10.77.5.2', expect.any(String), target])
    net.detour(false)
    expect(addresses(await scan())).toHaveLength(3)
  })

  it.skipIf(!isNight)(
    atNight('says that the host is silent and the gateway is not, where the link is cut'),
    async () => {
      await net.link(5, 0, 1)
      const cut = await scan()
      expect(leastRttMs(cut)).toBeNull()
      expect(cut.gateway).toBe(true)
      expect(addresses(cut)[0]).toBe('10.77.1.2')
      await net.link(5, 0, 0)
    },
    120_000,
  )

  it('still knows the round trip to the host where a router on the way limits its answers', async () => {
    net.rateLimit(1_000)
    const seen = await scan()
    net.rateLimit(0)
    expect(leastRttMs(seen)).toBeLessThan(60)
    expect(seen.probesMs.filter(rtt => rtt === null)).toEqual([])
  })
})
