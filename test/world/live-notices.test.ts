/** Notices: Slack's and Discord's shapes, tried again, bounded, and nobody's address told. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/feed/index.js'
import { liveLimits } from '../../src/world/live/limits.js'
import { Notices, webhooksIn } from '../../src/world/live/operations/notices.js'

async function hook(answers: number[]) {
  const bodies: unknown[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', chunk => {
      text += chunk
    })
    request.on('end', () => {
      bodies.push(JSON.parse(text))
      response.writeHead(answers.shift() ?? 204).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { bodies, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/SECRET` }
}

const accelerated = { ...systemClock(), setTimer: (ms: number, fire: () => void) => systemClock().setTimer(ms / 100, fire) }

test('a notice goes to Slack and to Discord, each in its shape', async () => {
  const slack = await hook([])
  const discord = await hook([])
  const env = { MYCELIA_SLACK_WEBHOOK: slack.url, MYCELIA_DISCORD_WEBHOOK: discord.url }
  const notices = new Notices(webhooksIn(env), accelerated, () => undefined)
  notices.send('trifecta: HALTED all (operator): lunch.')
  await expect.poll(() => notices.counters.sent).toBe(2)
  await notices.close()
  expect(slack.bodies).toEqual([{ text: 'trifecta: HALTED all (operator): lunch.' }])
  expect(discord.bodies).toEqual([{ content: 'trifecta: HALTED all (operator): lunch.' }])
})

test('a busy webhook is tried again, one that refuses is not, and the address is in no sentence', async () => {
  const busy = await hook([503, 429])
  const said: string[] = []
  const notices = new Notices(webhooksIn({ MYCELIA_SLACK_WEBHOOK: busy.url }), accelerated, sentence => said.push(sentence))
  notices.send('one')
  await expect.poll(() => notices.counters.sent).toBe(1)
  expect(busy.bodies.length).toBe(3)
  const refusing = await hook([404])
  const others = new Notices(webhooksIn({ MYCELIA_DISCORD_WEBHOOK: refusing.url }), accelerated, sentence => said.push(sentence))
  others.send('two')
  await expect.poll(() => others.counters.failed).toBe(1)
  expect(refusing.bodies.length).toBe(1)
  expect(said).toEqual(['A notice to Discord could not be delivered.'])
  expect(() => webhooksIn({ MYCELIA_SLACK_WEBHOOK: 'SECRET' })).toThrow(/^(?!.*SECRET)/s)
})

test('what waits is bounded, and what is dropped is counted', async () => {
  const notices = new Notices(webhooksIn({ MYCELIA_SLACK_WEBHOOK: 'http://127.0.0.1:1/' }), systemClock(), () => undefined)
  for (let i = 0; i < liveLimits.notices + 20; i++) notices.send(`notice ${i}`)
  expect(notices.counters.dropped).toBeGreaterThanOrEqual(19)
  await notices.close(10)
})
