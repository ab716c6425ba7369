/** The chat of a live run: what it may be asked, and where the answers come from. */

import type { Swarm } from '../../../agents/index.js'
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
  readonly model: Swarm
  /** The file of the ledger. */
  readonly ledger: string
  readonly status: () => LiveStatus
  readonly onNote: (sentence: string) => void
}

export function chatOf({ telegram, clock, model, ledger, status, onNote }: ChatSources): TelegramControl {
  return new TelegramControl({
    settings: telegram,
    clock,
    onNote,
    answers: {
      status: () => statusText(status()),
      profit: () => profitText(status()),
      daily: () => dayUnderWay(ledger, status(), clock.now()),
      action: key => model.operator?.actions.find(action => action.key === key),
    },
  })
}
