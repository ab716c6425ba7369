/** One fetch: tokens from public sources, users from their service or from a file, as snapshots in the archive. */

import { MyceliaError, OperatorError, type TimeMs } from '../../core/index.js'
import {
  type Counters,
  type FetchedToken,
  type Preference,
  tokenLimits,
  type UserPort,
  type WallClock,
} from '../../feed/index.js'
import { type FetchedUser, type ReadSnapshot, readSnapshot, SNAPSHOT_VERSION, type SnapshotToken } from '../../storage/index.js'

/** Whose snapshots are made: users of a service, or those of the preferences alone, with paper money. */
export interface UsersOf {
  readonly ids: readonly string[]
  readonly port: UserPort | null
  readonly preferences: readonly Preference[]
  /** What users without a service have, SOL. */
  readonly cashSol: number
}

const SOL = 1e9
/** Tokens have six decimals: a price in SOL for a token is so many lamports for a base unit. */
const LAMPORTS_A_UNIT = 1e3
const SUPPLY = 793_100_000_000_000n

export async function fetchUsers(
  of: UsersOf,
  tokens: readonly FetchedToken[],
  clock: WallClock,
  counters: Counters,
  until?: AbortSignal,
): Promise<FetchedUser[]> {
  const marketData = tokens.map(snapshotToken)
  const preferences = new Map(of.preferences.map(preference => [preference.user, preference]))
  const users: FetchedUser[] = []
  for (const id of of.ids.slice(0, tokenLimits.fetchedUsers)) {
    const given = of.port === null ? paperUser(of.cashSol) : await answerOf(of.port, id, counters, until)
    if (given === undefined) continue
    const now = clock.now()
    users.push(snapshotOf(id, given, { preference: preferences.get(id), marketData, now, counters }))
  }
  counters.add('users.beyondLimit', Math.max(0, of.ids.length - tokenLimits.fetchedUsers))
  return users
}

/** What a service says of a user; undefined: it does not answer, and the last snapshot grows old. */
async function answerOf(port: UserPort, id: string, counters: Counters, until?: AbortSignal): Promise<unknown> {
  try {
    return await port.user(id, until)
  } catch (error) {
    if (until?.aborted || !(error instanceof MyceliaError)) throw error
    counters.add('users.failed')
    return undefined
  }
}

function paperUser(cashSol: number): object {
  return { balances: [{ asset: 'SOL', amount: Math.round(cashSol * SOL) }] }
}

interface Made {
  readonly preference: Preference | undefined
  readonly marketData: readonly SnapshotToken[]
  readonly now: TimeMs
  readonly counters: Counters
}

/** What cannot be read is kept as such: nothing is entered for that user until it can. */
function snapshotOf(userId: string, given: unknown, { preference, marketData, now, counters }: Made): FetchedUser {
  try {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw new OperatorError({ what: `user ${userId}`, expected: 'an object', got: typeof given })
    const { userId: said = userId, ...body } = given as Record<string, unknown>
    if (said !== userId) throw new OperatorError({ what: `user ${userId}`, expected: 'that user', got: said })
    return read(userId, { ...body, profile: profileOf((body as { profile?: object }).profile, preference) }, marketData, now)
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error
    counters.add('users.refused')
    return { userId, time: now, broken: error.message.slice(0, 500) }
  }
}

function read(userId: string, body: Record<string, unknown>, marketData: readonly SnapshotToken[], now: TimeMs): ReadSnapshot {
  const filled = {
    schema_version: SNAPSHOT_VERSION,
    source_agent: 'fetch',
    balances: [],
    portfolio: [],
    transactions: [],
    ...body,
  }
  return readSnapshot({ ...filled, userId, generated_at: now, last_fetched_at: now, marketData }, `user ${userId}`)
}

/** What a user wrote into the file of preferences counts more than what the service says. */
function profileOf(given: unknown, preference: Preference | undefined): unknown {
  if (Array.isArray(given)) throw new OperatorError({ what: 'profile', expected: 'one', got: `${given.length}` })
  const known = typeof given === 'object' && given !== null ? given : {}
  const blank = { style: 'scalper', base_size_lamports: '0', consents: [], ...known }
  if (preference === undefined) return blank
  const { profile, baseSizeSol, consents } = preference
  return { ...blank, style: profile, base_size_lamports: String(Math.round(baseSizeSol * SOL)), consents }
}

/** A token as a snapshot has it. */
function snapshotToken({ listed, fetchedAt, minutes, curve, news, social }: FetchedToken): SnapshotToken {
  const spot = listed.priceSol * LAMPORTS_A_UNIT
  const onCurve = curve !== null && !curve.complete
  const price = onCurve && curve.virtualTokens > 0n ? Number(curve.virtualLamports) / Number(curve.virtualTokens) : spot
  const progress = onCurve ? Math.max(0, Math.min(1, 1 - Number(curve.realTokens) / Number(SUPPLY))) : 1
  return {
    mint: listed.mint,
    fetched_at: fetchedAt,
    launched_at: Math.min(fetchedAt, listed.createdAt ?? minutes[0]?.time ?? fetchedAt),
    price,
    phase: !onCurve ? 'graduated' : progress < 0.3 ? 'early' : progress < 0.8 ? 'mid' : 'late',
    progress,
    buyers: Math.round(listed.buyers),
    flow: listed.flowSol * SOL,
    volumes: minutes.map(({ volume }) => volume * SOL),
    closes: minutes.map(({ close }) => close * LAMPORTS_A_UNIT),
    creator_share: null,
    reputation: null,
    top_ten: null,
    curve: !onCurve
      ? null
      : {
          virtual_lamports: String(curve.virtualLamports),
          virtual_tokens: String(curve.virtualTokens),
          real_lamports: String(curve.realLamports),
          real_tokens: String(curve.realTokens),
          complete: false,
        },
    news: news === null ? null : { mood: news.mood, time: news.time, title: news.title },
    social,
    multi_launch: null,
    dormant: null,
  }
}
