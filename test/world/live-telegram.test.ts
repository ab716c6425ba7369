/** Telegram: notices go there, and a short list of commands comes from one chat, each once, and is answered. */

import { expect, onTestFinished, test } from 'vitest'
import type { OperatorAction } from '../../src/agents/index.js'
import type { TickInput } from '../../src/model/index.js'
import { liveLimits } from '../../src/world/live/limits.js'
import { Notices, webhooksIn } from '../../src/world/live/operations/notices.js'
import { TelegramControl } from '../../src/world/live/operations/telegram.js'
import { type TelegramSettings, telegramIn } from '../../src/world/live/operations/telegram-api.js'
import { TelegramStandin } from '../standins/telegram.js'
import { acceleratedClock } from './live-kit.js'

const clock = acceleratedClock(20, Date.UTC(2026, 0, 1))

const patient = { timeout: 10_000 }

async function standin(): Promise<TelegramStandin> {
  const telegram = await TelegramStandin.start()
  onTestFinished(() => telegram.stop())
  return telegram
}

interface Commanded {
  readonly do: string
  readonly key: string
}

/** A run that takes what it is told as a loop does: `take`, and when the tick is on disk `committed`. */
function listening(telegram: TelegramStandin, { isTaking = true } = {}) {
  const taken: Commanded[] = []
  const notes: string[] = []
  const control = new TelegramControl({
    settings: telegramIn(telegram.env) as TelegramSettings,
    clock,
    onNote: note => notes.push(note),
    answers: {
      status: () => 'live, step 7',
      profit: () => 'P&L 1.00 USD',
      daily: () => {
        throw new Error('no ledger')
      },
      action: key => ({ command: 'close all', outcome: `Nothing was held. (${key})` }) as OperatorAction,
    },
  })
  const poll = () => {
    if (!isTaking) return
    for (const input of control.take()) taken.push((input as TickInput & { command: Commanded }).command)
    control.committed()
  }
  const timer = setInterval(poll, 5)
  onTestFinished(async () => {
    clearInterval(timer)
    await control.stop()
  })
  control.start()
  return { control, taken, notes }
}

test('status, profit and daily are answered; halt and close become commands, and what came of them is told', async () => {
  const telegram = await standin()
  const { taken, control } = listening(telegram)
  const say = (text: string) => telegram.say(text, clock.now())
  for (const text of ['/status', 'profit', '/daily@my_bot', '/halt news at eight', 'close SOLUSD', '/close all', 'close'])
    say(text)
  await expect.poll(() => telegram.sent.length, patient).toBe(7)
  expect(telegram.sent.slice(0, 3)).toEqual(['live, step 7', 'P&L 1.00 USD', 'That cannot be read now.'])
  expect(telegram.sent[3]).toBe('close all: Nothing was held. (telegram-103)')
  expect(telegram.sent[6]).toMatch(/Which pair\?/)
  expect(taken).toEqual([
    { do: 'halt', reason: 'news at eight', key: 'telegram-103' },
    { do: 'close', pair: 'SOLUSD', portfolio: null, reason: 'said on Telegram', key: 'telegram-104' },
    { do: 'close', pair: null, portfolio: null, reason: 'said on Telegram', key: 'telegram-105' },
  ])
  expect(control.counters).toMatchObject({ taken: 7, unknown: 0, foreign: 0 })
  await expect.poll(() => telegram.unread, patient).toBe(0)
})

test('O5: what another chat says, what is not on the list, what is no text and what is old does nothing, and is counted', async () => {
  const telegram = await standin()
  const { control, taken } = listening(telegram)
  telegram.say('/halt', clock.now(), 666)
  telegram.say('/set maxDrawdown=1', clock.now())
  telegram.say('please close all', clock.now())
  telegram.say(undefined, clock.now())
  telegram.say('/close all', clock.now() - 2 * liveLimits.telegramLateMs)
  telegram.say('/halt', Number.NaN)
  await expect.poll(() => telegram.unread, patient).toBe(0)
  expect(control.counters).toMatchObject({ foreign: 1, unknown: 3, late: 2, taken: 0 })
  expect(taken).toEqual([])
  expect(telegram.sent).toEqual(Array(2).fill(expect.stringMatching(/came too late, and nothing was done/)))
})

test('O5: a command is acknowledged once a tick has it, and not heard again by the next start', async () => {
  const telegram = await standin()
  const first = listening(telegram)
  telegram.say('/halt', clock.now())
  await expect.poll(() => telegram.sent.length, patient).toBe(1)
  await first.control.stop()
  expect(telegram.unread).toBe(0)
  const second = listening(telegram)
  telegram.say('/status', clock.now())
  await expect.poll(() => telegram.sent.length, patient).toBe(2)
  expect(second.taken).toEqual([])
})

test('a command that no tick takes is said to wait, and keeps its place', async () => {
  const telegram = await standin()
  const { control } = listening(telegram, { isTaking: false })
  telegram.say('/halt', clock.now())
  await expect.poll(() => telegram.sent, patient).toEqual(['"halt" waits for the run to take it.'])
  expect(control.take()).toMatchObject([{ kind: 'operator', command: { do: 'halt' } }])
})

test('a command that the run stops before it has taken is heard again by the next start', async () => {
  const telegram = await standin()
  const { control } = listening(telegram, { isTaking: false })
  telegram.say('/halt', clock.now())
  await expect.poll(() => control.counters.taken, patient).toBe(1)
  await control.stop()
  expect([telegram.sent, telegram.unread]).toEqual([[], 1])
  const { taken } = listening(telegram)
  await expect.poll(() => taken.length, patient).toBe(1)
})

test('failures are tried again with growing pauses, said once and without the token', async () => {
  const telegram = await standin()
  telegram.failures.push(500, 502, 401, 409)
  const { notes, control } = listening(telegram)
  telegram.say('/status', clock.now())
  await expect.poll(() => telegram.sent.length, patient).toBe(1)
  expect(control.counters.failed).toBe(4)
  expect(notes).toEqual(['Telegram does not answer: commands from there are not heard until it does.'])
  expect(notes.join()).not.toContain(telegram.token)
})

test('an answer that is no JSON, has no updates or is endless is a failure like others', async () => {
  const telegram = await standin()
  const settings = telegramIn(telegram.env) as TelegramSettings
  const { readUpdates } = await import('../../src/world/live/operations/telegram-api.js')
  const nowhere = { ...settings, url: 'http://127.0.0.1:9' }
  expect(await readUpdates(nowhere, 0, 0, new AbortController().signal)).toEqual({ failed: 'later' })
  expect(await readUpdates({ ...settings, token: 'wrong' }, 0, 0, new AbortController().signal)).toEqual({ failed: 'refused' })
})

test('notices go there too', async () => {
  const telegram = await standin()
  const notices = new Notices(webhooksIn(telegram.env), clock, () => undefined)
  notices.send('trifecta: HALTED all (operator): lunch.')
  await expect.poll(() => telegram.sent, patient).toEqual(['trifecta: HALTED all (operator): lunch.'])
  await notices.close()
})

test.each([
  [{ MYCELIA_TELEGRAM_TOKEN: 'SECRET' }, /MYCELIA_TELEGRAM_CHAT/],
  [{ MYCELIA_TELEGRAM_CHAT: '1' }, /MYCELIA_TELEGRAM_TOKEN/],
  [{ MYCELIA_TELEGRAM_TOKEN: 'SECRET/../x', MYCELIA_TELEGRAM_CHAT: '1' }, /MYCELIA_TELEGRAM_TOKEN/],
  [{ MYCELIA_TELEGRAM_TOKEN: 'SECRET', MYCELIA_TELEGRAM_CHAT: 'me and you' }, /MYCELIA_TELEGRAM_CHAT/],
  [{ MYCELIA_TELEGRAM_TOKEN: 'SECRET', MYCELIA_TELEGRAM_CHAT: '1', MYCELIA_TELEGRAM_URL: 'SECRET' }, /MYCELIA_TELEGRAM_URL/],
])('half a bot is refused by the name of what is missing, and no secret is told: %j', (env, named) => {
  expect(() => telegramIn(env)).toThrow(named)
  expect(() => telegramIn(env)).toThrow(/^(?!.*SECRET)/s)
  expect(telegramIn({})).toBeUndefined()
})
