/**
 * Commands that come by Telegram, from one chat and of a short list: status, profit, daily, halt, close. Halt and close become inputs of a
 * tick, as those of the command line; everything else that is said there is counted and left alone.
 */

import type { OperatorAction } from '../../../agents/index.js'
import { pause, type WallClock } from '../../../feed/index.js'
import type { TickInput } from '../../../model/index.js'
import { liveLimits } from '../limits.js'
import type { OperatorCommand } from '../operator-command.js'
import type { Control } from './control.js'
import { readUpdates, sendMessage, type TelegramSettings, type TelegramUpdate } from './telegram-api.js'

/** What the chat may ask for. */
export interface TelegramAnswers {
  status(): string
  profit(): string
  daily(): string
  /** What came of a command, by its key. */
  action(key: string): OperatorAction | undefined
}

export interface TelegramOptions {
  readonly settings: TelegramSettings
  readonly clock: WallClock
  readonly answers: TelegramAnswers
  readonly onNote: (sentence: string) => void
}

const words = ['status', 'profit', 'daily', 'halt', 'close'] as const
type Word = (typeof words)[number]

interface Said {
  readonly word: Word
  readonly rest: string
}

export class TelegramControl implements Control {
  /** `foreign`: of another chat. `unknown`: not on the list. `late`: said too long ago. `dropped`: beyond the queue. */
  readonly counters = { taken: 0, foreign: 0, unknown: 0, late: 0, dropped: 0, failed: 0, unsent: 0 }
  private readonly waiting: OperatorCommand[] = []
  private uncommitted: OperatorCommand[] = []
  private readonly journalled = new Set<string>()
  private readonly stopped = new AbortController()
  private running: Promise<void> | undefined
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
    if (this.next > 0) await readUpdates(this.options.settings, this.next, 0, AbortSignal.timeout(liveLimits.telegramMs))
  }

  take(): TickInput[] {
    if (this.uncommitted.length > 0) return []
    this.uncommitted = this.waiting.splice(0)
    return this.uncommitted.map(command => ({ kind: 'operator', command }) as TickInput)
  }

  committed(): void {
    for (const { key } of this.uncommitted) if (key !== undefined) this.journalled.add(key)
    this.uncommitted = []
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
      } else if (!(await this.answer(said, `telegram-${update.id}`))) return
    }
    this.next = update.id + 1
  }

  /** False where the run stops before it has taken the command: the next start hears it again. */
  private async answer({ word, rest }: Said, key: string): Promise<boolean> {
    const { answers } = this.options
    this.counters.taken++
    if (word === 'halt') return this.order({ do: 'halt', reason: rest === '' ? 'said on Telegram' : rest, key }, key)
    if (word !== 'close') return this.replied(textOf(answers[word]))
    if (rest === '') return this.replied('Which pair? Say: close SOLUSD, or: close all.')
    return this.order({ do: 'close', pair: rest === 'all' ? null : rest, portfolio: null, reason: 'said on Telegram', key }, key)
  }

  /** Gives a command to the run, and says what came of it once the journal has it. */
  private async order(command: OperatorCommand, key: string): Promise<boolean> {
    if (this.waiting.length >= liveLimits.commands) {
      this.counters.dropped++
      return this.replied('Too many commands wait. Nothing was done.')
    }
    this.waiting.push(command)
    const { clock, answers } = this.options
    const { signal } = this.stopped
    const until = clock.monotonic() + liveLimits.telegramTakenMs
    while (!this.journalled.has(key) && clock.monotonic() < until && !signal.aborted) await pause(clock, 50, signal)
    const isTaken = this.journalled.delete(key)
    if (!isTaken && signal.aborted) return false
    if (!isTaken) return this.replied(`"${command.do}" waits for the run to take it.`)
    const action = answers.action(key)
    return this.replied(action === undefined ? `"${command.do}" is in the journal.` : `${action.command}: ${action.outcome}`)
  }

  private async replied(text: string): Promise<true> {
    await this.reply(text)
    return true
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
