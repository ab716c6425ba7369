/** What a desk sees of an archive: of each user the newest snapshot, of each token the newest fetch. */

import type { DeskInputs, SeenToken, SeenUser } from '../../agents/index.js'
import type { TimeMs } from '../../core/index.js'
import { type KeptUser, keptUser, type LinkedRow, type Snapshot, type SnapshotToken } from '../../storage/index.js'

/** What is known of a user: the last snapshot that could be read, and whether a later one could not. */
interface Known {
  readonly snapshot: Snapshot
  readonly older: boolean
  readonly isBroken: boolean
}

/** Takes rows of an archive one after the other, and gives what is known then. */
export class ArchiveView {
  private readonly users = new Map<string, Known>()
  private readonly tokens = new Map<string, { token: SnapshotToken; older: boolean }>()
  /** The last row that was taken. */
  seq = 0

  take(row: LinkedRow): void {
    this.seq = row.seq
    const kept: KeptUser = keptUser(row)
    if (kept.broken !== null) {
      const known = this.users.get(kept.userId)
      if (known !== undefined) this.users.set(kept.userId, { ...known, isBroken: true })
      return
    }
    const { snapshot, older } = kept
    this.users.set(snapshot.userId, { snapshot, older: older !== null, isBroken: false })
    for (const token of snapshot.marketData)
      if (token.fetched_at >= (this.tokens.get(token.mint)?.token.fetched_at ?? 0))
        this.tokens.set(token.mint, { token, older: older !== null })
  }

  /** Users and tokens in order of their names, as of now. */
  inputs(time: TimeMs): DeskInputs {
    const byName = <T>(map: ReadonlyMap<string, T>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
    return {
      time,
      users: byName(this.users).map(seenUser),
      tokens: byName(this.tokens).map(({ token, older }) => seenToken(token, older)),
    }
  }
}

/** A double counts to 2⁵³; who has more than that many lamports has more than there are. */
function counted(amount: string): number {
  const value = BigInt(amount)
  return Number(value > 2n ** 52n ? 2n ** 52n : value)
}

function seenUser({ snapshot, older, isBroken }: Known): SeenUser {
  const { userId, profile, balances, portfolio, last_fetched_at: time } = snapshot
  const sol = balances.filter(({ asset }) => asset === 'SOL')
  return {
    user: userId,
    profile: profile.style,
    baseSize: counted(profile.base_size_lamports),
    cash: sol.reduce((sum, { amount }) => sum + counted(amount), 0),
    consents: profile.consents,
    holds: portfolio.filter(({ amount }) => amount !== '0').map(({ mint }) => mint),
    snapshot: { time, form: isBroken ? 'broken' : older ? 'older' : 'whole' },
  }
}

function seenToken(token: SnapshotToken, older: boolean): SeenToken {
  const { curve, news, social } = token
  const form = older ? 'older' : 'whole'
  return {
    mint: token.mint,
    fetchedAt: token.fetched_at,
    form,
    launchedAt: token.launched_at,
    price: token.price,
    phase: token.phase,
    progress: token.progress,
    buyers: token.buyers,
    flow: token.flow,
    volumes: token.volumes,
    closes: token.closes.filter(close => close > 0),
    creatorShare: token.creator_share,
    reputation: token.reputation,
    topTen: token.top_ten,
    reserves:
      curve === null
        ? null
        : {
            lamports: counted(curve.virtual_lamports),
            tokens: counted(curve.virtual_tokens),
            realLamports: counted(curve.real_lamports),
            realTokens: counted(curve.real_tokens),
            complete: curve.complete,
          },
    news: news === null ? null : { mood: news.mood, time: news.time, form },
    social: social === null ? null : { ...social, form },
    multiLaunch: token.multi_launch,
    dormant: token.dormant,
  }
}
