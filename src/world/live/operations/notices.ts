/** Notices to people through the webhooks of Slack and Discord, and through a bot of Telegram. The queue is bounded, deliveries are retried, no log holds an address. */

import { OperatorError } from '../../../core/index.js'
import { pause, type WallClock, withinTime } from '../../../feed/index.js'
import { liveLimits } from '../limits.js'
import { messageBody, methodUrl, type TelegramSettings, telegramIn } from './telegram-api.js'

/** The environment variables that name the webhooks, and the body each service expects. */
const services = [
  { name: 'Slack', variable: 'MYCELIA_SLACK_WEBHOOK', body: (text: string) => ({ text }) },
  { name: 'Discord', variable: 'MYCELIA_DISCORD_WEBHOOK', body: (content: string) => ({ content }) },
] as const

export interface Webhook {
  readonly name: string
  readonly url: string
  readonly body: (text: string) => object
}

/** The webhooks that the environment names. Throws where one is not an http address. */
export function webhooksIn(environment: Readonly<Record<string, string | undefined>>): Webhook[] {
  const telegram = telegramIn(environment)
  const bot = telegram === undefined ? [] : [telegramHook(telegram)]
  const hooks = services.flatMap(({ name, variable, body }) => {
    const url = environment[variable]
    if (!url) return []
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return [{ name, url, body }]
    throw new OperatorError({ what: variable, expected: 'the http address of a webhook', got: 'something else' })
  })
  return [...hooks, ...bot]
}

function telegramHook(settings: TelegramSettings): Webhook {
  return { name: 'Telegram', url: methodUrl(settings, 'sendMessage'), body: text => messageBody(settings, text) }
}

export class Notices {
  readonly counters = { sent: 0, failed: 0, dropped: 0 }
  private readonly waiting: { webhook: Webhook; text: string }[] = []
  private readonly stopped = new AbortController()
  private delivering: Promise<void> | undefined

  constructor(
    private readonly webhooks: readonly Webhook[],
    private readonly clock: WallClock,
    private readonly onFailed: (sentence: string) => void,
  ) {}

  /** Queues a notice and returns at once. Where the queue is full, the oldest notice is dropped and counted. */
  send(text: string): void {
    for (const webhook of this.webhooks) this.waiting.push({ webhook, text })
    while (this.waiting.length > liveLimits.notices) {
      this.waiting.shift()
      this.counters.dropped++
    }
    this.delivering ??= this.deliverAll().finally(() => {
      this.delivering = undefined
    })
  }

  /** Waits for the queue to empty, at most `ms`. */
  async close(ms = 2_000): Promise<void> {
    await Promise.race([this.delivering, pause(this.clock, ms)])
    this.stopped.abort()
    await this.delivering
  }

  private async deliverAll(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift())
      await this.deliver(next.webhook, next.text)
  }

  private async deliver(webhook: Webhook, text: string): Promise<void> {
    const { signal } = this.stopped
    for (let attempt = 0; attempt < liveLimits.noticeTries && !signal.aborted; attempt++) {
      if (attempt > 0) await pause(this.clock, 500 * 2 ** attempt, signal)
      const answer = await post(webhook, text, signal)
      if (answer === 'sent') {
        this.counters.sent++
        return
      }
      if (answer === 'refused') break
    }
    this.counters.failed++
    this.onFailed(`A notice to ${webhook.name} could not be delivered.`)
  }
}

/** `later`: another try may succeed. `refused`: it would not. */
async function post({ url, body }: Webhook, text: string, until: AbortSignal): Promise<'sent' | 'later' | 'refused'> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body(text.slice(0, 1_500))),
    redirect: 'error',
  } as const
  try {
    const { ok, status } = await withinTime(5_000, until, signal => fetch(url, { ...request, signal }))
    if (ok) return 'sent'
    return status === 429 || status >= 500 ? 'later' : 'refused'
  } catch {
    return 'later'
  }
}
