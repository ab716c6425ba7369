/** The run that may stand beside the first on the page: made when somebody who may command opens it, ended when nobody looks any more. */

import { secondRun, type ViewerServer } from '../../server/index.js'
import type { Session } from '../../view/index.js'
import { drive, type WatchedRuns } from './watched-session.js'

/** Without viewers for so long it ends, ms: a page that is loaded again finds it. */
const leftMs = 10_000

/** A session and where its runs come from. */
export interface Opened {
  readonly runs: WatchedRuns
  readonly session: Session
}

export class SecondRun {
  private readonly ending = new AbortController()
  private going: Promise<void> | undefined
  private by: string | undefined

  /** `open`: makes it, at its beginning. `onFailed`: it could not be made, and is offered no longer. */
  constructor(
    private readonly server: ViewerServer,
    private readonly open: () => Promise<Opened>,
    private readonly onFailed: (error: unknown) => void,
  ) {
    this.offer()
  }

  /** Resolves when its results are written. `by`: what ends it before its time. */
  async close(by?: string): Promise<void> {
    this.by = by
    this.ending.abort()
    await this.going
  }

  private offer(): void {
    const viewers = this.server.run(secondRun)
    viewers.onOpened(() => {
      this.going ??= this.show(viewers)
    })
  }

  private async show(viewers: ReturnType<ViewerServer['run']>): Promise<void> {
    const { signal } = this.ending
    let seenAt = performance.now()
    const isDone = () => {
      if (viewers.viewers > 0) seenAt = performance.now()
      return performance.now() - seenAt > leftMs
    }
    try {
      const { runs, session } = await this.open()
      await drive({ session, viewers, runs, signal, isDone }).finally(() => runs.close(this.by))
    } catch (error) {
      viewers.end()
      return this.onFailed(error)
    }
    viewers.end()
    this.going = undefined
    if (!signal.aborted) this.offer()
  }
}
