/** What is asked of the outside: whether an address answers, and whether a model answers right, within time and tolerance. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/feed/index.js'
import { askModel, SourceReach } from '../../src/ops/supervise/reach.js'
import { ManualClock } from '../world/live-kit.js'

const never = new AbortController().signal

async function answering(status: () => number, body = ''): Promise<{ url: string; asked: () => number }> {
  let n = 0
  const server = createServer((_, response) => {
    n++
    response.writeHead(status()).end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked: () => n }
}

test('an address that answers is reached, also where it says no; one that is down, away or failing is not', async () => {
  const [well, forbids, down] = [await answering(() => 200), await answering(() => 403), await answering(() => 503)]
  const urls = [well.url, forbids.url, down.url, 'http://127.0.0.1:9/']
  const reach = new SourceReach(urls, systemClock())
  expect(Object.values(await reach.ask(never))).toEqual([true, true, false, false])
})

test('an address that fails three times is left alone for five minutes, and then tried once', async () => {
  const clock = new ManualClock(0)
  let status = 500
  const down = await answering(() => status)
  const reach = new SourceReach([down.url], clock)
  for (let i = 0; i < 5; i++) expect(await reach.ask(never)).toEqual({ [down.url]: false })
  expect(down.asked()).toBe(3)
  status = 200
  clock.pass(300_000)
  expect(await reach.ask(never)).toEqual({ [down.url]: true })
})

test.each([
  ['[0.5, -0.8005]', 'right'],
  ['[0.5, -0.79]', 'wrong'],
  ['[0.5]', 'wrong'],
  ['[0.5, null]', 'wrong'],
  ['{}', 'wrong'],
  ['no json', 'silent'],
])('a model that answers %s is %s', async (body, state) => {
  const { url } = await answering(() => 200, body)
  expect(await askModel({ url, body: {}, answer: [0.5, -0.8], tolerance: 1e-3 }, never)).toMatchObject({ state })
})

test('a model that is away or fails is silent', async () => {
  const failing = await answering(() => 500, '[1]')
  for (const url of ['http://127.0.0.1:9/', failing.url])
    expect(await askModel({ url, body: {}, answer: [1], tolerance: 0 }, never)).toMatchObject({ state: 'silent' })
})
