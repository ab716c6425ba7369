/** What connects a shard to the outside: its feeds, its connection to other processes, and the operator's folder. */

import { OperatorError } from '../../../core/index.js'
import type { WallClock } from '../../../feed/index.js'
import { RejectedLog, type RunDirectory } from '../../../storage/index.js'
import { ControlFolder } from '../operations/index.js'
import { type AgentsChoice, type BusPlan, PeerConnection } from '../peers/index.js'
import type { FeedPlan, FeedSettings } from './feeds.js'

export interface Adapters {
  readonly feeds: FeedSettings
  readonly control: ControlFolder
  readonly connection: PeerConnection | undefined
  readonly rejected: RejectedLog
  /** Aborted, with the reason, once another process has taken this one's agents. */
  readonly lost: AbortSignal
}

export interface AdapterOptions {
  readonly directory: RunDirectory
  readonly scenario: string
  readonly agents: AgentsChoice
  readonly clock: WallClock
  readonly feeds: FeedPlan
  readonly bus: BusPlan | undefined
  readonly onNote: (sentence: string) => void
}

export function makeAdapters(options: AdapterOptions): Adapters {
  const { directory, agents, clock, feeds, bus } = options
  const lost = new AbortController()
  const rejected = new RejectedLog(directory.file('rejected.jsonl'))
  const onLost = (sentence: string) => lost.abort(new OperatorError({ what: sentence.replace(/\.$/, '') }))
  return {
    feeds: { plan: feeds, agents, clock, rejected, recordings: directory.file('moats') },
    control: new ControlFolder(directory.path, () => clock.monotonic()),
    connection: bus === undefined ? undefined : connectionOf(options, bus, onLost),
    rejected,
    lost: lost.signal,
  }
}

function connectionOf(
  { directory, scenario, agents, clock, onNote }: AdapterOptions,
  bus: BusPlan,
  onLost: (sentence: string) => void,
): PeerConnection {
  const holder = `${directory.path}#${directory.runId}`
  return new PeerConnection({ bus, scenario, holder, agents, clock, onNote, onLost })
}
