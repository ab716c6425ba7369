/** Notices to people through webhooks, in the shapes of Slack and Discord: bounded, retried, and never with an address in a log. */

import { OperatorError } from '../../../core/index.js'
import { pause, type WallClock, withinTime } from '../../../feed/index.js'
import { liveLimits } from '../engine/limits.js'

/** The variables that name the webhooks, and what each expects. */
const hooks = [
  { name: 'Slack', variable: 'MYCELIA_SLACK_WEBHOOK', body: (text: string) => ({ text }) },
  { name: 'Discord', variable: 'MYCELIA_DISCORD_WEBHOOK', body: (content: string) => ({ content }) },
] as const

interface Hook {
  readonly name: string
  readonly url: string
  readonly body: (text: string) => object
}

export class Notices {
  readonly counters = { sent: 0, failed: 0, dropped: 0 }
  private readonly waiting: { hook: Hook; text: string }[] = []
  private readonly stopped = new AbortController()
  private working: Promise<void> | undefined

  private constructor(
    private readonly hooks: readonly Hook[],
    private readonly clock: WallClock,
    private readonly onFailed: (sentence: string) => void,
  ) {}

  /** Undefined where no webhook is named. Throws where one is no http address. */
  static from(
    environment: Readonly<Record<string, string | undefined>>,
    clock: WallClock,
    onFailed: (sentence: string) => void,
  ): Notices | undefined {
    const named = hooks.flatMap(({ name, variable, body }) => {
      const url = environment[variable]
      if (!url) return []
      if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return [{ name, url, body }]
      throw new OperatorError({ what: variable, expected: 'the http address of a webhook', got: 'something else' })
    })
    return named.length === 0 ? undefined : new Notices(named, clock, onFailed)
  }

  /** Sends when it can; beyond what may wait the oldest is dropped, and counted. */
  say(text: string): void {
    for (const hook of this.hooks) this.waiting.push({ hook, text })
    while (this.waiting.length > liveLimits.notices) {
      this.waiting.shift()
      this.counters.dropped++
    }
    this.working ??= this.work().finally(() => {
      this.working = undefined
    })
  }

  /** What waits gets one more moment, at most `ms`. */
  async close(ms = 2_000): Promise<void> {
    await Promise.race([this.working, pause(this.clock, ms)])
    this.stopped.abort()
    await this.working
  }

  private async work(): Promise<void> {
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift())
      await this.deliver(next.hook, next.text)
  }

  private async deliver(hook: Hook, text: string): Promise<void> {
    const { signal } = this.stopped
    for (let attempt = 0; attempt < liveLimits.noticeTries && !signal.aborted; attempt++) {
      if (attempt > 0) await pause(this.clock, 500 * 2 ** attempt, signal)
      const answer = await post(hook, text, signal)
      if (answer === 'sent') {
        this.counters.sent++
        return
      }
      if (answer === 'refused') break
    }
    this.counters.failed++
    this.onFailed(`A notice to ${hook.name} could not be delivered.`)
  }
}

/** `refused`: another try would be, too. */
async function post({ url, body }: Hook, text: string, until: AbortSignal): Promise<'sent' | 'later' | 'refused'> {
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
