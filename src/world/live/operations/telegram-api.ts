/** Two calls of Telegram's Bot API, by plain requests: a message sent, and what was said since. No sentence here holds the token. */

import { OperatorError } from '../../../core/index.js'
import { withinTime } from '../../../feed/index.js'
import { liveLimits } from '../limits.js'

/** A bot, and the one chat it speaks with. */
export interface TelegramSettings {
  readonly token: string
  readonly chat: string
  /** `https://api.telegram.org`, or a place for tests. */
  readonly url: string
}

const standardUrl = 'https://api.telegram.org'
const longestText = 4_000

type Environment = Readonly<Record<string, string | undefined>>

/** The bot that the environment names; undefined: none. Throws where half of it is missing or makes no sense. */
export function telegramIn(environment: Environment): TelegramSettings | undefined {
  const { MYCELIA_TELEGRAM_TOKEN: token, MYCELIA_TELEGRAM_CHAT: chat, MYCELIA_TELEGRAM_URL: url = standardUrl } = environment
  if (!token && !chat) return undefined
  if (!token || !/^[\w:-]{1,200}$/.test(token)) throw wrong('MYCELIA_TELEGRAM_TOKEN', 'the token of a bot')
  if (!chat || !/^(-?\d{1,20}|@\w{1,100})$/.test(chat)) throw wrong('MYCELIA_TELEGRAM_CHAT', 'the id of a chat, a whole number')
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw wrong('MYCELIA_TELEGRAM_URL', 'an http address')
  return { token, chat, url: url.replace(/\/+$/, '') }
}

/** The address of a method; it holds the token. */
export function methodUrl({ url, token }: TelegramSettings, method: string): string {
  return `${url}/bot${token}/${method}`
}

export function messageBody({ chat }: TelegramSettings, text: string): object {
  return { chat_id: chat, text: text.slice(0, longestText), disable_web_page_preview: true }
}

/** Something that was said to the bot. */
export interface TelegramUpdate {
  readonly id: number
  readonly chat: string
  /** When it was said, ms since 1970, UTC. */
  readonly time: number
  readonly text: string
}

/** `refused`: another try will fare no better, as with a wrong token. */
export type Answered<T> = { readonly value: T } | { readonly failed: 'refused' | 'busy' | 'later' }

/** What was said from an update on, waiting up to `waitMs` for the first. The updates before it are forgotten by the service. */
export async function readUpdates(
  settings: TelegramSettings,
  from: number,
  waitMs: number,
  until: AbortSignal,
): Promise<Answered<TelegramUpdate[]>> {
  const body = { offset: from, timeout: Math.floor(waitMs / 1_000), limit: liveLimits.commands, allowed_updates: ['message'] }
  const answer = await call(settings, 'getUpdates', body, waitMs + liveLimits.telegramMs, until)
  if ('failed' in answer) return answer
  const { result } = (answer.value ?? {}) as { result?: unknown }
  return Array.isArray(result) ? { value: result.flatMap(readUpdate) } : { failed: 'later' }
}

export async function sendMessage(settings: TelegramSettings, text: string, until: AbortSignal): Promise<Answered<unknown>> {
  return call(settings, 'sendMessage', messageBody(settings, text), liveLimits.telegramMs, until)
}

async function call(
  settings: TelegramSettings,
  method: string,
  body: object,
  withinMs: number,
  until: AbortSignal,
): Promise<Answered<unknown>> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
  } as const
  try {
    return await withinTime(withinMs, until, async signal => {
      const answer = await fetch(methodUrl(settings, method), { ...request, signal })
      if (answer.status === 409) return { failed: 'busy' }
      if (!answer.ok) return { failed: answer.status === 429 || answer.status >= 500 ? 'later' : 'refused' }
      return { value: JSON.parse(await boundedText(answer)) as unknown }
    })
  } catch {
    return { failed: 'later' }
  }
}

/** Throws where an answer is longer than any that makes sense. */
async function boundedText(answer: Response): Promise<string> {
  const decoder = new TextDecoder()
  const reader = answer.body?.getReader()
  let text = ''
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    text += decoder.decode(part.value, { stream: true })
    if (text.length > liveLimits.telegramBytes)
      throw new OperatorError({ what: 'an answer of Telegram', expected: 'a short one' })
  }
  return text
}

/** An update that holds no text is one all the same: it must be left behind. */
function readUpdate(value: unknown): TelegramUpdate[] {
  const { update_id: id, message } = (value ?? {}) as { update_id?: unknown; message?: unknown }
  if (!Number.isSafeInteger(id)) return []
  const { chat, date, text } = (message ?? {}) as { chat?: { id?: unknown }; date?: unknown; text?: unknown }
  return [
    {
      id: id as number,
      chat: String(chat?.id ?? ''),
      time: typeof date === 'number' ? date * 1_000 : Number.NaN,
      text: typeof text === 'string' ? text : '',
    },
  ]
}

function wrong(what: string, expected: string): OperatorError {
  return new OperatorError({
    what,
    expected,
    got: 'something else',
    next: 'MYCELIA_TELEGRAM_TOKEN and MYCELIA_TELEGRAM_CHAT belong together.',
  })
}
