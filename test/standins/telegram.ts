/** Telegram's Bot API on a loopback port, in the shape of the real one: long polls, offsets that forget, messages sent. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Update {
  readonly update_id: number
  readonly message?: { readonly chat: { readonly id: number }; readonly date: number; readonly text?: string }
}

export class TelegramStandin {
  url = ''
  readonly token = '123456:planted-secret-AAAA'
  readonly chat = 4242
  /** Texts that were sent, oldest first. */
  readonly sent: string[] = []
  /** Offsets that were asked from. */
  readonly offsets: number[] = []
  /** Statuses with which the next requests are answered. */
  readonly failures: number[] = []
  private updates: Update[] = []
  private waiting: { offset: number; answer: () => void }[] = []
  private next = 100
  private readonly server = createServer((request, response) => void this.serve(request, response))

  static async start(): Promise<TelegramStandin> {
    const standin = new TelegramStandin()
    await new Promise<void>(resolve => standin.server.listen(0, '127.0.0.1', resolve))
    standin.url = `http://127.0.0.1:${(standin.server.address() as AddressInfo).port}`
    return standin
  }

  get env(): Record<string, string> {
    return {
      MYCELIA_TELEGRAM_URL: this.url,
      MYCELIA_TELEGRAM_TOKEN: this.token,
      MYCELIA_TELEGRAM_CHAT: String(this.chat),
    }
  }

  /** Somebody says something; `time`: ms since 1970. */
  say(text: string | undefined, time: number, chat = this.chat): void {
    const date = Math.floor(time / 1_000)
    const message = { chat: { id: chat }, date, ...(text === undefined ? {} : { text }) }
    this.updates.push({ update_id: this.next++, message })
    for (const { answer } of this.waiting.splice(0)) answer()
  }

  /** What the service still has: not acknowledged yet. */
  get unread(): number {
    return this.updates.length
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise<void>(resolve => this.server.close(() => resolve()))
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += chunk
    const failure = this.failures.shift()
    if (failure !== undefined) return void response.writeHead(failure).end('{"ok":false}')
    const method = new RegExp(`^/bot${this.token}/(\\w+)$`).exec(request.url ?? '')?.[1]
    const body = JSON.parse(text)
    const answer = (result: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result }))
    if (method === 'sendMessage' && String(body.chat_id) === String(this.chat)) {
      this.sent.push(body.text)
      return void answer({})
    }
    if (method !== 'getUpdates') return void response.writeHead(404).end('{"ok":false}')
    this.offsets.push(body.offset)
    this.updates = this.updates.filter(({ update_id }) => update_id >= body.offset)
    const found = () => answer(this.updates.slice(0, body.limit))
    if (this.updates.length > 0 || body.timeout === 0) return void found()
    const timer = setTimeout(found, body.timeout * 1_000)
    request.on('close', () => clearTimeout(timer))
    this.waiting.push({
      offset: body.offset,
      answer: () => {
        clearTimeout(timer)
        found()
      },
    })
  }
}
