/** Notices reach people: kept first, told once a key, within a rate, by another channel where one fails, a P0 until somebody acknowledges it. */

import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { armFaults, type Notice, type Severity } from '../../src/core/index.js'
import { acknowledge, Breaker, type Channel, Notifier, noticePolicySchema, redactor, webhooksIn } from '../../src/ops/index.js'
import { OpsRecord } from '../../src/storage/index.js'
import { acceleratedClock, ManualClock } from '../world/live-kit.js'
import { type Hook, hook } from './hook.js'
import { notified } from './notifying.js'

const patient = { timeout: 10_000 }
const start = Date.UTC(2026, 0, 1)

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mycelia-notices-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function notifier(folder: string, channels: readonly Channel[], { speed = 100, policy = {}, env = {} } = {}) {
  const clock = acceleratedClock(speed, start)
  const said: string[] = []
  const made = new Notifier({
    folder,
    channels,
    clock,
    redact: redactor(env),
    say: line => said.push(line),
    policy: noticePolicySchema.parse(policy),
  })
  onTestFinished(() => made.close().catch(() => undefined))
  const send = (severity: Severity, key: string, text = key): void =>
    made.send({ severity, key, text, runId: 'run-1', time: clock.now() })
  return { made, said, send, clock }
}

const env = (slack?: Hook, discord?: Hook) => ({ MYCELIA_SLACK_WEBHOOK: slack?.url, MYCELIA_DISCORD_WEBHOOK: discord?.url })
const auditOf = (folder: string) =>
  readFileSync(join(folder, 'notices.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))

test('a P1 goes to every channel, each in its shape, and a P3 to the first that takes it', async () => {
  const [slack, discord] = [await hook(), await hook()]
  const { made, send } = notifier(place(), webhooksIn(env(slack, discord), 1_000))
  send('P1', 'halt', 'HALTED all')
  send('P3', 'day', 'a quiet day')
  await expect.poll(() => slack.texts.length + discord.texts.length, patient).toBe(3)
  expect(slack.texts).toEqual(['P1 HALTED all [run-1]', 'a quiet day'])
  expect(discord.texts).toEqual(['P1 HALTED all [run-1]'])
  await expect.poll(() => made.counters.waiting).toBe(0)
})

test('where the first channel fails the next takes over, and what refuses is not asked again', async () => {
  const [slack, discord] = [await hook(() => 500), await hook()]
  const first = notifier(place(), webhooksIn(env(slack, discord), 1_000), { policy: { tries: 2 } })
  first.send('P2', 'stale')
  await expect.poll(() => discord.texts, patient).toEqual(['stale'])
  expect(slack.asked.n).toBe(2)
  const refusing = await hook(() => 404)
  const second = notifier(place(), webhooksIn(env(refusing), 1_000))
  second.send('P2', 'stale')
  await expect.poll(() => second.made.counters.failed, patient).toBe(1)
  expect(refusing.asked.n).toBe(1)
})

test('a key is told once in ten minutes, and then the newest of what repeated it', async () => {
  const slack = await hook()
  const { made, send } = notifier(place(), webhooksIn(env(slack), 1_000), { speed: 1_000 })
  send('P2', 'stale', 'SOLUSD is stale')
  send('P2', 'stale', 'all are fresh again')
  send('P2', 'stale', 'ADAUSD is stale')
  send('P2', 'other', 'another key')
  await expect.poll(() => slack.texts.length, patient).toBe(2)
  expect(made.counters.repeated).toBe(2)
  await expect
    .poll(() => slack.texts, patient)
    .toEqual(['SOLUSD is stale', 'another key', 'ADAUSD is stale (the last of 2 of this kind)'])
})

test('a channel gets at most twenty in a minute, the most urgent first, also over a restart', async () => {
  const slack = await hook()
  const folder = place()
  const clock = new ManualClock(start)
  const channels = webhooksIn(env(slack), 1_000)
  const make = () => new Notifier({ folder, channels, clock, redact: text => text, say: () => undefined })
  const first = make()
  const send = (severity: Severity, i: number) =>
    first.send({ severity, key: `${severity}-${i}`, text: `${severity}-${i}`, runId: 'r', time: clock.now() })
  for (let i = 0; i < 30; i++) send('P3', i)
  send('P1', 0)
  await expect.poll(() => slack.texts.length, patient).toBe(20)
  expect(slack.texts.slice(0, 3)).toContain('P1 P1-0 [r]')
  const closing = first.close()
  for (let i = 0; i < 200; i++) {
    clock.pass(20)
    await new Promise(resolve => setImmediate(resolve))
  }
  await closing
  const second = make()
  clock.pass(1_000)
  await new Promise(resolve => setTimeout(resolve, 50))
  expect(slack.texts.length).toBe(20)
  clock.pass(61_000)
  await expect.poll(() => slack.texts.length, patient).toBe(31)
  expect(new Set(slack.texts).size).toBe(31)
  const over = second.close()
  clock.pass(5_000)
  await over
})

test('a P0 is told again until a person acknowledges it, or for a day, and a restart goes on with it', async () => {
  const slack = await hook()
  const folder = place()
  const first = notifier(folder, webhooksIn(env(slack), 1_000), { speed: 2_000 })
  first.send('P0', 'crash loop', 'main stays down')
  await expect.poll(() => slack.texts.length, patient).toBeGreaterThan(2)
  await first.made.close()
  const second = notifier(folder, webhooksIn(env(slack), 1_000), { speed: 2_000 })
  expect(second.made.unacknowledged).toMatchObject([{ key: 'crash loop' }])
  const before = slack.texts.length
  await expect.poll(() => slack.texts.length, patient).toBeGreaterThan(before)
  acknowledge(folder, 'crash loop', 1)
  await expect.poll(() => second.made.unacknowledged.length, patient).toBe(0)
  const after = slack.texts.length
  await new Promise(resolve => setTimeout(resolve, 400))
  expect(slack.texts.length).toBe(after)
  const { send, made } = notifier(place(), [], { speed: 500_000 })
  send('P0', 'forgotten')
  await expect.poll(() => made.counters.expired, patient).toBe(1)
})

test('without a channel the console is told, and a P0 again and again', async () => {
  const { said, send } = notifier(place(), [], { speed: 2_000 })
  send('P3', 'day', 'a quiet day')
  send('P0', 'down', 'main stays down')
  await expect.poll(() => said.filter(line => line.includes('main stays down')).length, patient).toBeGreaterThan(2)
  expect(said.filter(line => line.includes('a quiet day')).length).toBe(1)
})

test('the audit has a line a notice, also those that repeat one, and makes up for what a crash left out', async () => {
  const folder = place()
  const { made, send } = notifier(folder, [])
  for (let i = 0; i < 5; i++) send('P3', 'same', `text ${i}`)
  await made.close()
  expect(auditOf(folder).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
  const record = OpsRecord.open(join(folder, 'ops.db'))
  const notice: Notice = { severity: 'P2', key: 'k', text: 'kept, and not yet in the audit', runId: 'r', time: start }
  record.add(notice, 'sent')
  record.close()
  appendFileSync(join(folder, 'notices.jsonl'), '{"id":6,"ti')
  await notifier(folder, []).made.close()
  expect(auditOf(folder).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6])
})

test('no secret of the environment is in what is kept, audited or said', async () => {
  const slack = await hook()
  const folder = place()
  const secrets = { ...env(slack), MYCELIA_TELEGRAM_TOKEN: '12345:planted-secret-AAAA', REDIS_PASSWORD: 'planted-secret-B' }
  const { made, said, send } = notifier(folder, webhooksIn(secrets, 1_000), { env: secrets })
  const leak = `${slack.url} 12345:planted-secret-AAAA planted-secret-B /services/T0/planted-secret Bearer planted-secret-C bot999:planted-secret-D redis://u:planted-secret-E@host`
  send('P1', `key ${leak}`, `text ${leak}`)
  await expect.poll(() => slack.texts.length, patient).toBe(1)
  await made.close()
  const kept = readFileSync(join(folder, 'ops.db'), 'latin1') + readFileSync(join(folder, 'notices.jsonl'), 'utf8')
  expect(kept + said.join() + slack.texts.join()).not.toContain('planted-secret')
  expect(kept).toContain('[secret]')
})

test('what waits is bounded: the oldest of the least severity goes, and is counted', () => {
  const silent: Channel = { name: 'Slack', send: () => new Promise(() => undefined) }
  const { made, send } = notifier(place(), [silent])
  // Without a disk a thousand notices are a matter of memory.
  onTestFinished(
    armFaults(() => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    }),
  )
  send('P0', 'p0')
  for (let i = 0; i < 1_010; i++) send('P3', `p3 ${i}`)
  expect(made.counters.dropped).toBe(11)
  expect(made.unacknowledged.length).toBe(1)
})

test('a full disk stops no notice', async () => {
  const slack = await hook()
  const { made, send } = notifier(place(), webhooksIn(env(slack), 1_000))
  const disarm = armFaults(name => {
    if (name === 'storage.commit') throw Object.assign(new Error('full'), { code: 'ENOSPC' })
  })
  onTestFinished(disarm)
  send('P0', 'disk', 'the disk is full')
  await expect.poll(() => slack.texts.length, patient).toBe(1)
  expect(made.counters.unstored).toBeGreaterThan(0)
})

test('a breaker opens after failures in a row, lets one trial through after its time, and closes when that succeeds', () => {
  const clock = new ManualClock(start)
  const breaker = new Breaker({ failures: 3, openMs: 1_000 }, clock)
  for (let i = 0; i < 3; i++) {
    expect(breaker.allows()).toBe(true)
    breaker.failedOnce()
  }
  expect([breaker.state, breaker.allows()]).toEqual(['open', false])
  clock.pass(1_000)
  expect([breaker.state, breaker.allows(), breaker.allows()]).toEqual(['trial', true, false])
  breaker.failedOnce()
  expect(breaker.state).toBe('open')
  clock.pass(1_000)
  expect(breaker.allows()).toBe(true)
  breaker.succeeded()
  expect([breaker.state, breaker.allows(), breaker.allows()]).toEqual(['closed', true, true])
})

test('a webhook that is no address is refused by its name, and nothing of it is told', () => {
  expect(() => webhooksIn({ MYCELIA_SLACK_WEBHOOK: 'planted-secret' }, 1)).toThrow(/MYCELIA_SLACK_WEBHOOK(?!.*planted)/s)
})

test('a notice that was taken just before its sender died is over at the next start, and no channel waits for it', async () => {
  const slack = await hook()
  const folder = place()
  const record = OpsRecord.open(join(folder, 'ops.db'))
  for (const severity of ['P3', 'P1'] as const) {
    const notice: Notice = { severity, key: severity, text: 'taken', runId: 'r', time: start }
    record.taken(record.add(notice, 'waiting'), 'Slack', start)
  }
  record.close()
  const { made } = notifier(folder, webhooksIn(env(slack), 1_000))
  expect(made.counters.waiting).toBe(0)
  await made.close()
  expect(slack.texts).toEqual([])
})

test('a sender that is killed loses no notice: channels that answer 429 and 500, hang and reset get each, and the audit is exact', async () => {
  await notified(40, 2)
}, 120_000)
