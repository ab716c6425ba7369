/**
 * Commands that come by Telegram, from one chat and of a short list: status, profit, daily, halt, close. Halt and close go to the folder of
 * commands, as those of the command line do, so that none is lost while the run waits or stops; everything else that is said there is
 * counted and left alone.
 */

import type { OperatorAction } from '../../../agents/index.js'
import { pause, type WallClock } from '../../../feed/index.js'
import { liveLimits } from '../limits.js'
import type { OperatorCommand } from '../operator-command.js'
import { readUpdates, sendMessage, type TelegramSettings, type TelegramUpdate } from './telegram-api.js'

/** What the chat may ask for. */
export interface TelegramAnswers {
  status(): string
  profit(): string
  daily(): string
}

export interface TelegramOptions {
  readonly settings: TelegramSettings
  readonly clock: WallClock
  readonly answers: TelegramAnswers
  /** Keeps a command until a tick takes it. False where it could not be kept. */
  readonly keep: (command: OperatorCommand) => boolean
  /** Whether ticks run; else a command waits for the first. */
  readonly isLive: () => boolean
  readonly onNote: (sentence: string) => void
}

const keyPrefix = 'telegram-'
const words = ['status', 'profit', 'daily', 'halt', 'close'] as const
type Word = (typeof words)[number]

interface Said {
  readonly word: Word
  readonly rest: string
}

export class TelegramControl {
  /** `foreign`: of another chat. `unknown`: not on the list. `late`: said too long ago. `dropped`: could not be kept. */
  readonly counters = { taken: 0, foreign: 0, unknown: 0, late: 0, dropped: 0, failed: 0, unsent: 0 }
  /** Commands that were kept, by their key, until the chat hears what came of them. */
  private readonly unanswered = new Map<string, OperatorCommand>()
  private readonly stopped = new AbortController()
  private running: Promise<void> | undefined
  private answering: Promise<void> = Promise.resolve()
  private answersWaiting = 0
  /** The update after the last one that was dealt with. */
  private next = 0
  private failures = 0

  constructor(private readonly options: TelegramOptions) {}

  start(): void {
    this.running ??= this.poll()
  }

  /** The service forgets what was dealt with, so that the next start does not hear it again. */
  async stop(): Promise<void> {
    this.stopped.abort()
    await this.running
    for (const { do: action } of this.unanswered.values())
      this.tell(`"${action}" is kept: the run has stopped, and it acts when the run goes on.`)
    await this.answering
    if (this.next > 0) await readUpdates(this.options.settings, this.next, 0, AbortSignal.timeout(liveLimits.telegramMs))
  }

  /** Tells the chat what came of its commands, also of those that an earlier process heard. */
  carriedOut(actions: readonly OperatorAction[]): void {
    for (const { key, command, outcome } of actions) {
      if (key === null || !key.startsWith(keyPrefix)) continue
      this.unanswered.delete(key)
      this.tell(`${command}: ${outcome}`)
    }
  }

  private async poll(): Promise<void> {
    const { signal } = this.stopped
    while (!signal.aborted) {
      const answer = await readUpdates(this.options.settings, this.next, liveLimits.telegramPollMs, signal)
      if (signal.aborted) return
      if ('failed' in answer) await this.wait(answer.failed)
      else {
        this.failures = 0
        for (const update of answer.value) if (!signal.aborted) await this.hear(update)
      }
    }
  }

  /** Says once why nothing is heard, and tries again with growing pauses. */
  private async wait(why: 'refused' | 'busy' | 'later'): Promise<void> {
    const { clock, onNote } = this.options
    this.counters.failed++
    if (this.failures === 0) onNote(whyDeaf[why])
    const waitMs = Math.min(liveLimits.telegramPauseMs, 1_000 * 2 ** Math.min(10, this.failures++))
    await pause(clock, waitMs, this.stopped.signal)
  }

  private async hear(update: TelegramUpdate): Promise<void> {
    const { settings, clock } = this.options
    if (update.id < this.next) return
    if (update.chat !== settings.chat) this.counters.foreign++
    else {
      const said = readWords(update.text)
      if (said === undefined) this.counters.unknown++
      else if (!(Math.abs(clock.now() - update.time) <= liveLimits.telegramLateMs)) {
        this.counters.late++
        await this.reply(`"${said.word}" came too late, and nothing was done. Say it again.`)
      } else await this.answer(said, keyPrefix + update.id)
    }
    this.next = update.id + 1
  }

  private async answer({ word, rest }: Said, key: string): Promise<void> {
    const { answers } = this.options
    this.counters.taken++
    if (word === 'halt') return this.order({ do: 'halt', reason: rest === '' ? 'said on Telegram' : rest, key }, key)
    if (word !== 'close') return this.reply(textOf(answers[word]))
    if (rest === '') return this.reply('Which pair? Say: close SOLUSD, or: close all.')
    return this.order({ do: 'close', pair: rest === 'all' ? null : rest, portfolio: null, reason: 'said on Telegram', key }, key)
  }

  private async order(command: OperatorCommand, key: string): Promise<void> {
    // Its tick may come before the next line.
    this.unanswered.set(key, command)
    if (!this.options.keep(command)) {
      this.unanswered.delete(key)
      this.counters.dropped++
      return this.reply('Nothing was done: too many commands wait, or none can be written.')
    }
    if (this.options.isLive()) return
    await this.reply(
      `"${command.do}" is kept: the run is not live yet, and it acts at the first tick, before anything is traded.`,
    )
  }

  /** Says something without being waited for. */
  private tell(text: string): void {
    if (this.answersWaiting >= liveLimits.commands) return void this.counters.unsent++
    this.answersWaiting++
    this.answering = this.answering.then(() => this.reply(text)).finally(() => this.answersWaiting--)
  }

  private async reply(text: string): Promise<void> {
    const { settings, clock } = this.options
    // The answer to the last command is sent although the run is stopping.
    for (let attempt = 0; attempt < 3; attempt++) {
      if (attempt > 0) await pause(clock, 1_000 * 2 ** attempt, this.stopped.signal)
      const answer = await sendMessage(settings, text, AbortSignal.timeout(liveLimits.telegramMs))
      if ('value' in answer) return
      if (answer.failed === 'refused') break
    }
    this.counters.unsent++
  }
}

/** A question that cannot be answered now must not end the listening. */
function textOf(answer: () => string): string {
  try {
    return answer()
  } catch {
    return 'That cannot be read now.'
  }
}

const whyDeaf = {
  refused: 'Telegram refuses the bot: is MYCELIA_TELEGRAM_TOKEN right? Commands from there are not heard.',
  busy: 'Another process reads this bot’s messages: commands from Telegram are not heard here.',
  later: 'Telegram does not answer: commands from there are not heard until it does.',
} as const

/** `/halt news at eight`, `close@my_bot SOLUSD`; undefined: nothing that is on the list. */
function readWords(text: string): Said | undefined {
  const [, first = '', rest = ''] = /^\/?(\w+)(?:@\w+)?(?:\s+([^\n]*))?$/.exec(text.trim().slice(0, 500)) ?? []
  const word = words.find(each => each === first.toLowerCase())
  return word === undefined ? undefined : { word, rest: rest.trim() }
}
