/** Telegram: notices go there, and a short list of commands comes from one chat, each once, and is answered. */

import { expect, onTestFinished, test } from 'vitest'
import type { OperatorAction, OperatorCommand } from '../../src/agents/index.js'
import { channelsIn } from '../../src/cli/notices.js'
import { liveLimits } from '../../src/world/live/limits.js'
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

/** A run that keeps what it is told, and says what came of it: at its next tick, or, where it is not live, at `tick`. */
function listening(telegram: TelegramStandin, { isLive = true, hasRoom = true } = {}) {
  const taken: OperatorCommand[] = []
  const waiting: OperatorCommand[] = []
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
    },
    keep(command) {
      if (hasRoom) waiting.push(command)
      return hasRoom
    },
    isLive: () => isLive,
  })
  const tick = () => {
    const commands = waiting.splice(0)
    taken.push(...commands)
    control.carriedOut(
      commands.map(({ key }) => ({ key, command: 'close all', outcome: `Nothing was held. (${key})` }) as OperatorAction),
    )
  }
  const timer = setInterval(() => isLive && tick(), 5)
  onTestFinished(async () => {
    clearInterval(timer)
    await control.stop()
  })
  control.start()
  return { control, taken, notes, tick }
}

test('status, profit and daily are answered; halt and close become commands, and what came of them is told', async () => {
  const telegram = await standin()
  const { taken, control } = listening(telegram)
  const say = (text: string) => telegram.say(text, clock.now())
  for (const text of ['/status', 'profit', '/daily@my_bot', '/halt news at eight', 'close SOLUSD', '/close all', 'close'])
    say(text)
  await expect.poll(() => telegram.sent.length, patient).toBe(7)
  expect(telegram.sent.slice(0, 3)).toEqual(['live, step 7', 'P&L 1.00 USD', 'That cannot be read now.'])
  // A command is answered once its tick is on disk, which holds up no other answer.
  const later = [103, 104, 105].map(n => `close all: Nothing was held. (telegram-${n})`)
  expect(telegram.sent.filter(text => later.includes(text))).toEqual(later)
  expect(telegram.sent).toContainEqual(expect.stringMatching(/Which pair\?/))
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

test('O5: a command is answered once a tick has it, and not heard again by the next start', async () => {
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

test('a command to a run that is not live yet is said to be kept, and what came of it is told at the first tick', async () => {
  const telegram = await standin()
  const { tick } = listening(telegram, { isLive: false })
  telegram.say('/close all', clock.now())
  await expect
    .poll(() => telegram.sent, patient)
    .toEqual(['"close" is kept: the run is not live yet, and it acts at the first tick, before anything is traded.'])
  await expect.poll(() => telegram.unread, patient).toBe(0)
  tick()
  await expect.poll(() => telegram.sent.at(-1), patient).toBe('close all: Nothing was held. (telegram-100)')
})

test('a command that the run stops before it acts is said to be kept, and the next start tells what came of it', async () => {
  const telegram = await standin()
  const first = listening(telegram, { isLive: false })
  telegram.say('/halt', clock.now())
  await expect.poll(() => telegram.sent.length, patient).toBe(1)
  await first.control.stop()
  expect(telegram.sent.at(-1)).toBe('"halt" is kept: the run has stopped, and it acts when the run goes on.')
  expect(telegram.unread).toBe(0)
  const { control } = listening(telegram)
  control.carriedOut([{ key: 'telegram-100', command: 'halt', outcome: 'No portfolio enters anything.' } as OperatorAction])
  control.carriedOut([{ key: 'of the command line', command: 'halt', outcome: 'Not of the chat.' } as OperatorAction])
  await expect.poll(() => telegram.sent.at(-1), patient).toBe('halt: No portfolio enters anything.')
})

test('a command that cannot be kept is counted, and the chat is told that nothing was done', async () => {
  const telegram = await standin()
  const { control } = listening(telegram, { hasRoom: false })
  telegram.say('/halt', clock.now())
  await expect.poll(() => telegram.sent, patient).toEqual([expect.stringMatching(/^Nothing was done: too many commands wait/)])
  expect(control.counters).toMatchObject({ dropped: 1 })
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
  const [channel] = channelsIn(telegram.env, 1_000)
  expect(await channel?.send('trifecta: HALTED all (operator): lunch.', new AbortController().signal, 'P1')).toBe('sent')
  expect(telegram.sent).toEqual(['trifecta: HALTED all (operator): lunch.'])
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
