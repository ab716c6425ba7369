/** What traceroute and mtr print, read; and what may be asked of them. */
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { collectorUrl, postScan, scanBody } from '../../../src/feed/index.js'
import { parseMtr } from '../../../src/feed/net/parse-mtr.js'
import { parseTraceroute } from '../../../src/feed/net/parse-traceroute.js'
import { scanOf } from '../../../src/feed/net/probe.js'
import { checkEvery, checkHosts } from '../../../src/feed/net/targets.js'
import { leastRttMs, scanProblem } from '../../../src/market/index.js'

const place = { host: 'h.example', vantage: 'here', time: 1_700_000_000_000 }
const scan = (text: string) => scanOf(parseTraceroute(text), place)

const usual = `traceroute to h.example (203.0.113.9), 30 hops max, 60 byte packets
 1  192.168.1.1  0.512 ms  0.433 ms  0.401 ms
 2  * * *
 3  10.0.0.1  9.871 ms 10.0.0.2  11.203 ms  9.9 ms
 4  203.0.113.9  81.512 ms *  81.733 ms
`

describe('traceroute', () => {
  it('is read hop by hop: stars, several addresses a hop, and the host’s own answers', () => {
    const { hops, address, cut, unread } = parseTraceroute(usual)
    expect([address, cut, unread]).toEqual(['203.0.113.9', false, 0])
    expect(hops[2]?.probes).toEqual([
      { address: '10.0.0.1', rttMs: 9.871, mark: null },
      { address: '10.0.0.2', rttMs: 11.203, mark: null },
      { address: '10.0.0.2', rttMs: 9.9, mark: null },
    ])
    const seen = scan(usual)
    expect(seen.hops.map(({ ttl, address, rttMs }) => [ttl, address, rttMs])).toEqual([
      [1, '192.168.1.1', 0.401],
      [2, null, null],
      [3, '10.0.0.1', 9.871],
      [4, '203.0.113.9', 81.512],
    ])
    expect(seen.probesMs).toEqual([81.512, null, 81.733])
    expect(seen.gateway).toBe(true)
  })

  it('takes a router’s word that the host is not there for no answer of the host', () => {
    const marked = (mark: string) =>
      scan(
        `traceroute to h.example (203.0.113.9), 30 hops max\n 1  192.168.1.1  0.5 ms\n 2  10.0.0.1  3.1 ms ${mark}  3.0 ms ${mark} *\n`,
      )
    for (const mark of ['!H', '!N', '!X', '!13']) {
      expect(leastRttMs(marked(mark))).toBeNull()
      expect(marked(mark).hops).toHaveLength(2)
    }
    const own = scan('traceroute to h.example (203.0.113.9), 30 hops max\n 1  203.0.113.9  3.1 ms !X  3.0 ms !X  3.2 ms !X\n')
    expect(leastRttMs(own)).toBeNull()
  })

  it('is read with IPv6 addresses, a zone included', () => {
    const seen = scan(
      'traceroute6 to h.example (2001:db8::9), 30 hops max\n 1  fe80::1%eth0  0.3 ms  0.4 ms\n 2  2001:db8::9  9.1 ms  9.3 ms\n',
    )
    expect(seen.hops.map(hop => hop.address)).toEqual(['fe80::1%eth0', '2001:db8::9'])
    expect(seen.probesMs).toEqual([9.1, 9.3])
  })

  it('leaves out a line that was cut, at every place of the output', () => {
    const whole = parseTraceroute(usual)
    for (let n = 0; n <= usual.length; n++) {
      const part = parseTraceroute(usual.slice(0, n))
      expect(part.hops).toEqual(whole.hops.slice(0, part.hops.length))
      expect(part.unread).toBe(0)
    }
  })

  it('gives silence of the vantage point where nothing answers at all', () => {
    const stars = Array.from({ length: 30 }, (_, i) => `${String(i + 1).padStart(2)}  * * *\n`).join('')
    const silent = scan(`traceroute to h.example (203.0.113.9), 30 hops max\n${stars}`)
    expect(silent.gateway).toBe(false)
    const hosts = new Set(['h.example'])
    expect(scanProblem(silent, { hosts, now: place.time, last: undefined })).toBe('vantageDown')
    const odd = scan('traceroute to h.example (203.0.113.9), 30 hops max\n 1  10.0.0.1  nan ms\n')
    expect(scanProblem(odd, { hosts, now: place.time, last: undefined })).toBe('rttUnknown')
  })

  it('is not upset by any text', () => {
    for (const text of [
      '',
      '\n\n',
      'traceroute: unknown host\n',
      ' 1  <script> 3 ms\n',
      ' 999  10.0.0.1  1 ms\n',
      '\u0000\n',
      ' 1  10.0.0.1\n',
    ])
      expect(() => scan(text)).not.toThrow()
    expect(parseTraceroute('something else\n').unread).toBe(1)
  })
})

describe('mtr', () => {
  const hub = (count: number, host: string, loss: number, best: number) => ({
    count,
    host,
    'Loss%': loss,
    Snt: 10,
    Last: best,
    Avg: best + 1,
    Best: best,
    Wrst: best + 2,
    StDev: 0.1,
  })
  it('is read from its JSON: the best round trip, and lost probes', () => {
    const text = JSON.stringify({
      report: { mtr: {}, hubs: [hub(1, '192.168.1.1', 0, 0.5), hub(2, '???', 100, 0), hub(3, '203.0.113.9', 20, 81)] },
    })
    const route = parseMtr(text, '203.0.113.9')
    const seen = scanOf(route as NonNullable<typeof route>, place)
    expect(seen.hops.map(hop => [hop.address, hop.rttMs])).toEqual([
      ['192.168.1.1', 0.5],
      [null, null],
      ['203.0.113.9', 81],
    ])
    expect(leastRttMs(seen)).toBe(81)
    expect(seen.probesMs.filter(rtt => rtt === null)).toHaveLength(2)
  })

  it('gives nothing where the text is no report', () => {
    for (const text of ['', 'mtr: Failure', '{}', '{"report":{"hubs":[{"count":"1"}]}}'])
      expect(parseMtr(text, null)).toBeUndefined()
  })
})

describe('hosts to probe', () => {
  it('are names or addresses; nothing that a program could take for an option, and none by default', () => {
    expect(checkHosts(['api.kraken.com', '203.0.113.9', '2001:db8::9', 'api.kraken.com'])).toEqual([
      'api.kraken.com',
      '203.0.113.9',
      '2001:db8::9',
    ])
    for (const host of [
      '-w5',
      '--help',
      '',
      'a b',
      'a;b',
      '$(x)',
      'https://a.example',
      'a.example:443',
      'a..b',
      'fe80::1%eth0',
      `${'a'.repeat(64)}.example`,
    ])
      expect(() => checkHosts([host])).toThrow('a host to probe')
    expect(() => checkHosts([])).toThrow('`hosts`')
    expect(() => checkHosts(Array.from({ length: 17 }, (_, i) => `h${i}.example`))).toThrow('`hosts`')
  })

  it('are probed at most once a minute', () => {
    expect(checkEvery(60)).toBe(60_000)
    for (const seconds of [59, 0, -1, 60.5, Number.NaN, 86_401]) expect(() => checkEvery(seconds)).toThrow('`every`')
  })
})

describe('a collector', () => {
  it('is sent a scan with the token of the environment, and a refusal is an error', async () => {
    const heard: { request: IncomingMessage; body: string }[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', chunk => {
        body += chunk
      })
      request.on('end', () => {
        heard.push({ request, body })
        response.writeHead(request.headers.authorization === 'Bearer secret' ? 202 : 401).end()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    try {
      const url = collectorUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/scans`)
      await postScan(url, scan(usual), 'secret')
      expect(JSON.parse(heard[0]?.body ?? '')).toEqual(scanBody(scan(usual)))
      expect(JSON.parse(heard[0]?.body ?? '')).toMatchObject({ host: 'h.example', total_rtt: 81.512, gateway: true })
      await expect(postScan(url, scan(usual), 'wrong')).rejects.toThrow('401')
    } finally {
      server.close()
    }
  })

  it('is an address of http without a token in it', () => {
    for (const text of ['ftp://a.example', 'nothing', 'http://user:token@a.example/'])
      expect(() => collectorUrl(text)).toThrow('`post`')
  })
})
