/** The world around a live part: feeds, link and control, each the real one unless a test put another in its place. */

import type { Swarm } from '../../../agents/index.js'
import { OperatorError } from '../../../core/index.js'
import type { LiveFeed, MoatFeed, WallClock } from '../../../feed/index.js'
import { RejectedLog, type RunDirectory } from '../../../storage/index.js'
import { ControlFolder } from '../operations/control.js'
import { Link } from '../peers/link.js'
import { RemoteBars } from '../peers/remote-bars.js'
import { chooseAgents } from './agents-choice.js'
import type { OpenOptions } from './open-part.js'
import type { LiveRequest } from './request.js'

export interface World {
  readonly control: ControlFolder
  readonly openOptions: OpenOptions
  readonly link: Link | undefined
  readonly rejected: RejectedLog
  /** Why the run cannot go on, once it cannot. */
  readonly lost: AbortSignal
  makeFeed(model: Swarm): Promise<LiveFeed>
  /** Undefined where none of the moats' miners works here. */
  makeMoats(model: Swarm): Promise<MoatFeed | undefined>
}

export interface WorldOf {
  readonly directory: RunDirectory
  readonly scenario: string
  readonly agents: string | undefined
  readonly clock: WallClock
}

const moatMiners = ['RepoScrape', 'LogisticsMiner', 'GovtDataMiner', 'CorpDataMiner']

export function makeWorld(asked: LiveRequest, { directory, scenario, agents, clock }: WorldOf): World {
  const environment = asked.environment ?? process.env
  const choice = chooseAgents(agents)
  const lost = new AbortController()
  const holder = `${directory.path}#${directory.runId}`
  const onLost = (sentence: string) => lost.abort(new OperatorError({ what: sentence.replace(/\.$/, '') }))
  const wanted = Link.isWanted({ ...asked, agents }, environment)
  const link = wanted ? new Link({ asked, scenario, holder, choice, clock, environment, onLost }) : undefined
  const rejected = new RejectedLog(directory.file('rejected.jsonl'))
  const monotonic = () => clock.monotonic()
  return {
    link,
    rejected,
    lost: lost.signal,
    control: new ControlFolder(directory.path, monotonic),
    openOptions: { monotonic, announcer: () => link?.remote, announces: link !== undefined, onCommitted: asked.onCommitted },
    makeFeed: async model => {
      const pairs = model.pairs.filter((_, i) => model.miners.at(i)?.idle === false)
      const { barMs } = model
      if (asked.instead?.feed !== undefined) return asked.instead.feed({ pairs, barMs, clock })
      if (pairs.length === 0) return new RemoteBars(barMs, clock)
      const { KrakenFeed, krakenEndpoints } = await import('../../../feed/index.js')
      const { warmupBars } = asked
      return new KrakenFeed({
        pairs,
        barMs,
        clock,
        endpoints: krakenEndpoints(environment),
        ...(warmupBars === undefined ? {} : { warmupBars }),
        ...feedPace(environment).kraken,
        onRejected: ({ reason, raw }) => rejected.add({ reason, source: 'kraken', raw }),
      })
    },
    makeMoats: async () => {
      if (asked.instead !== undefined && 'moats' in asked.instead) return asked.instead.moats
      if (!moatMiners.some(type => choice.isLocal({ type, ordinal: 0 }))) return undefined
      const { MoatFeed, MoatRecorder } = await import('../../../feed/index.js')
      const recorder = new MoatRecorder(directory.file('moats'))
      return new MoatFeed({ clock, env: environment, recorder, ...feedPace(environment).moats })
    },
  }
}

/** `KRAKEN_REST_INTERVAL_MS` and `MYCELIA_MOAT_POLL_MS`: other paces than the polite ones, for stand-ins in accelerated time. */
export function feedPace(environment: Environment) {
  const restIntervalMs = millis(environment, 'KRAKEN_REST_INTERVAL_MS')
  const pollMs = millis(environment, 'MYCELIA_MOAT_POLL_MS')
  return {
    kraken: restIntervalMs === undefined ? {} : { restIntervalMs },
    moats: pollMs === undefined ? {} : { pollMs, intervalMs: 0 },
  }
}

type Environment = Readonly<Record<string, string | undefined>>

function millis(environment: Environment, name: string): number | undefined {
  const text = environment[name]
  if (!text) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new OperatorError({ what: name, expected: 'milliseconds', got: text })
}
