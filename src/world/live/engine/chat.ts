/** The chat of a live run: what it may be asked, and where the answers come from. */

import type { OperatorCommand } from '../../../agents/index.js'
import type { WallClock } from '../../../feed/index.js'
import {
  dayUnderWay,
  type LiveStatus,
  profitText,
  statusText,
  TelegramControl,
  type TelegramSettings,
} from '../operations/index.js'

export interface ChatSources {
  readonly telegram: TelegramSettings
  readonly clock: WallClock
  /** The file of the ledger. */
  readonly ledger: string
  readonly status: () => LiveStatus
  readonly keep: (command: OperatorCommand) => boolean
  readonly onNote: (sentence: string) => void
}

export function chatOf({ telegram, clock, ledger, status, keep, onNote }: ChatSources): TelegramControl {
  return new TelegramControl({
    settings: telegram,
    clock,
    onNote,
    keep,
    isLive: () => status().state === 'live',
    answers: {
      status: () => statusText(status()),
      profit: () => profitText(status()),
      daily: () => dayUnderWay(ledger, status(), clock.now()),
    },
  })
}
