/** Sentences for the people who run a live run: told at once and written to its log, those from before the log was open too. */

import type { LiveLog } from './log.js'

export class RunNotes {
  private earlier: string[] = []
  private write = (sentence: string): void => void this.earlier.push(sentence)

  constructor(private readonly tell: (sentence: string) => void) {}

  readonly say = (sentence: string): void => {
    this.write(sentence)
    this.tell(sentence)
  }

  /** Undefined where there is no log. */
  logTo(log: LiveLog | undefined): void {
    this.write = sentence => log?.event('info', 'note', { sentence })
    for (const sentence of this.earlier) this.write(sentence)
    this.earlier = []
  }
}
