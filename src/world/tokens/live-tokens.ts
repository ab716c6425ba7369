/** Tokens live, on paper: a fetch every twenty minutes, a cycle of decisions five minutes after each. One process may do both, or two one each. */

import { type DeskOutput, type DeskPolicy, deskPolicySchema } from '../../agents/index.js'
import { isMint, MINUTE_MS, OperatorError, SECOND_MS, type TimeMs } from '../../core/index.js'
import {
  Counters,
  deepSeek,
  pause,
  readCatalog,
  readPreferences,
  socialApi,
  systemClock,
  TokenFetcher,
  tableText,
  tokenLimits,
  userApi,
  type WallClock,
} from '../../feed/index.js'
import { parseParameters } from '../../model/index.js'
import { ArchiveReader, FileInUse, requireArchive, SnapshotArchive } from '../../storage/index.js'
import { fetchUsers, type UsersOf } from './fetch-users.js'
import { TokenDesk } from './token-desk.js'

/** What is fetched. */
export interface TokenFetchRequest {
  readonly mints: readonly string[]
  /** Users of the service; those of the file of preferences join them. */
  readonly users?: readonly string[] | undefined
  readonly userApi?: string | undefined
  /** `user_preferences.csv`. */
  readonly preferences?: string | undefined
  /** What users without a service have, SOL; default 10. */
  readonly cashSol?: number | undefined
  readonly rss?: readonly string[] | undefined
  readonly social?: string | undefined
  /** Whether DeepSeek scores headlines; else all are neutral. */
  readonly deepSeek?: boolean | undefined
}

/** By what is decided. */
export interface TokenPolicyRequest {
  /** `rules.csv` and `token-strategy-catalog.csv`. */
  readonly rules?: string | undefined
  readonly catalog?: string | undefined
  /** Limits and thresholds by name. */
  readonly params?: Readonly<Record<string, unknown>> | undefined
}

export interface LiveTokensRequest {
  /** The folder of the archive. */
  readonly archive: string
  /** Left out: another process fetches. */
  readonly fetch?: TokenFetchRequest | undefined
  /** Left out: another process trades. */
  readonly trade?: TokenPolicyRequest | undefined
  readonly everyMs?: number | undefined
  readonly afterMs?: number | undefined
  /** How long; default: one cycle. */
  readonly forMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  readonly clock?: WallClock | undefined
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  readonly onNote?: ((note: string) => void) | undefined
}

/** What was done. */
export interface LiveTokensResult {
  readonly fetches: number
  readonly snapshots: number
  readonly cycles: number
  readonly decisions: number
  readonly fills: number
  readonly skips: Readonly<Record<string, number>>
  readonly equitySol: number | null
  /** What sources did not give, and requests, by name. */
  readonly counters: Readonly<Record<string, number>>
}

/** Skips for old news in one cycle from which on somebody is told. */
const STALE_NEWS_NOTED = 5
/** How often a process that only trades looks for a new fetch. */
const LOOK_MS = 10 * SECOND_MS

export async function liveTokens(request: LiveTokensRequest): Promise<LiveTokensResult> {
  const { fetch, trade, clock = systemClock(), everyMs = 20 * MINUTE_MS, afterMs = 5 * MINUTE_MS, forMs = 0, signal } = request
  if (afterMs >= everyMs)
    throw new OperatorError({ what: '`after`', expected: 'less than the time between two fetches', got: afterMs })
  const begun = clock.now()
  const done = newTally()
  const fetcher = fetch === undefined ? null : new Fetches(request, fetch, clock, done)
  const trader = trade === undefined ? null : new Trades(request, tokenPolicy(trade), clock, done)
  for (let next = begun; ; next += everyMs) {
    await pause(clock, next - clock.now(), signal)
    if (signal?.aborted) break
    if (fetcher !== null) await fetcher.fetch()
    if (trader !== null) {
      const since = fetcher === null ? await trader.newFetch(next, forMs === 0 ? next : begun + forMs, signal) : next
      if (since === null) break
      await pause(clock, since + afterMs - clock.now(), signal)
      if (signal?.aborted) break
      await trader.trade()
    }
    if (next + everyMs >= begun + forMs) break
  }
  return { ...done, counters: done.counters.all() }
}

interface Tally {
  fetches: number
  snapshots: number
  cycles: number
  decisions: number
  fills: number
  skips: Record<string, number>
  equitySol: number | null
  readonly counters: Counters
}

function newTally(): Tally {
  return { fetches: 0, snapshots: 0, cycles: 0, decisions: 0, fills: 0, skips: {}, equitySol: null, counters: new Counters() }
}

class Fetches {
  private readonly fetcher
  private readonly users: UsersOf

  constructor(
    private readonly request: LiveTokensRequest,
    of: TokenFetchRequest,
    private readonly clock: WallClock,
    private readonly done: Tally,
  ) {
    const { env = process.env, signal: until } = request
    const asking = { clock, counters: done.counters, env, until }
    const scorer = of.deepSeek === true ? deepSeek(asking) : undefined
    const social = of.social === undefined ? undefined : socialApi(of.social, asking)
    this.fetcher = new TokenFetcher({ ...asking, mints: checkedMints(of.mints), rss: of.rss ?? [], scorer, social })
    this.users = usersOf(of, of.userApi === undefined ? null : userApi(of.userApi, asking))
  }

  async fetch(): Promise<void> {
    const { request, clock, done, users } = this
    const tokens = await this.fetcher.fetch()
    const fetched = await fetchUsers(users, tokens, clock, done.counters, request.signal)
    const kept = await withArchive(request, clock, archive => archive.keep(fetched))
    done.fetches++
    done.snapshots += kept
    request.onNote?.(`Fetched ${tokens.length} tokens for ${kept} users.`)
  }
}

class Trades {
  private desk: TokenDesk | undefined

  constructor(
    private readonly request: LiveTokensRequest,
    private readonly policy: DeskPolicy,
    private readonly clock: WallClock,
    private readonly done: Tally,
  ) {}

  /** When the newest fetch was that has not been traded on, from `since` on; null: there is none before the end. */
  async newFetch(since: TimeMs, end: TimeMs, signal: AbortSignal | undefined): Promise<TimeMs | null> {
    for (;;) {
      const newest = newestUntraded(this.request.archive)
      if (newest !== null) return newest
      if (signal?.aborted || this.clock.now() + LOOK_MS > Math.max(since, end)) return null
      await pause(this.clock, LOOK_MS, signal)
    }
  }

  async trade(): Promise<void> {
    const { request, clock, done } = this
    const output: DeskOutput = await withArchive(request, clock, archive => {
      this.desk ??= TokenDesk.open(archive, this.policy)
      return this.desk.cycle(archive, clock.now())
    })
    done.cycles++
    done.decisions += output.decisions.length
    done.fills += output.fills.length
    for (const [reason, n] of Object.entries(output.skips)) done.skips[reason] = (done.skips[reason] ?? 0) + n
    done.equitySol = this.desk?.equitySol ?? null
    request.onNote?.(`Decided: ${output.fills.length} paper fills, ${output.decisions.length} decisions at the gate or leaving.`)
    const stale = output.skips.staleNews ?? 0
    if (stale >= STALE_NEWS_NOTED) request.onNote?.(`The news are stale: ${stale} decisions were skipped for it.`)
  }
}

function newestUntraded(folder: string): TimeMs | null {
  requireArchive(folder)
  const archive = ArchiveReader.open(folder)
  try {
    const [snapshot, cycle] = [archive.last('snapshots'), archive.last('cycles')]
    return snapshot === null || (cycle !== null && cycle.time >= snapshot.time) ? null : snapshot.time
  } finally {
    archive.close()
  }
}

/** The other process holds the archive for as long as one transaction takes. */
async function withArchive<T>(
  { archive: folder, signal }: LiveTokensRequest,
  clock: WallClock,
  work: (archive: SnapshotArchive) => T,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let archive: SnapshotArchive
    try {
      archive = SnapshotArchive.openFor(folder)
    } catch (error) {
      if (!(error instanceof FileInUse) || attempt === 20) throw error
      await pause(clock, SECOND_MS / 2, signal)
      continue
    }
    try {
      return work(archive)
    } finally {
      archive.close()
    }
  }
}

/** The policy of a request. @throws OperatorError where a file or a parameter is wrong. */
export function tokenPolicy({ rules, catalog, params = {} }: TokenPolicyRequest): DeskPolicy {
  const entries = catalog === undefined ? [] : readCatalog(tableText(catalog), catalog)
  const files = {
    ...(rules === undefined ? {} : { rules: tableText(rules) }),
    catalog: entries.map(({ token_mint: mint, creator_reputation: reputation, ...rest }) => ({ mint, reputation, ...rest })),
  }
  return parseParameters(deskPolicySchema, { ...files, ...params })
}

function checkedMints(mints: readonly string[]): readonly string[] {
  const wrong = mints.find(mint => !isMint(mint))
  if (wrong !== undefined) throw new OperatorError({ what: '`mints`', expected: 'mints: 32 bytes in base58', got: wrong })
  if (mints.length === 0 || mints.length > tokenLimits.fetchedTokens)
    throw new OperatorError({ what: '`mints`', expected: `1 to ${tokenLimits.fetchedTokens} of them`, got: mints.length })
  return [...new Set(mints)]
}

function usersOf({ users = [], preferences, cashSol = 10 }: TokenFetchRequest, port: UsersOf['port']): UsersOf {
  const preferred = preferences === undefined ? [] : readPreferences(tableText(preferences), preferences)
  const ids = [...new Set([...users, ...preferred.map(({ user }) => user)])]
  if (ids.length === 0)
    throw new OperatorError({ what: 'a fetch', expected: '`users`, or a file of `preferences`', got: 'neither' })
  return { ids, port, preferences: preferred, cashSol }
}
