/** What a live run tells people, through the port that it was given. */

import type { NoticePort, Severity } from '../../../core/index.js'

/** Who tells people of a live run. */
export interface NoticeOpener {
  /** The names of the ways to them, for the manifest. */
  readonly channels: readonly string[]
  /** Called once, when the run's directory stands. */
  open(run: { readonly runId: string; readonly path: string }): NoticePort
}

export class RunNotices {
  constructor(
    private readonly port: NoticePort,
    private readonly runId: string,
    private readonly now: () => number,
  ) {}

  send(severity: Severity, key: string, text: string): void {
    this.port.send({ severity, key, text, runId: this.runId, time: this.now() })
  }

  get counters(): NoticePort['counters'] {
    return this.port.counters
  }

  close(): Promise<void> {
    return this.port.close()
  }
}
