/** What users agreed to and what was refused, as lines for a terminal. */

import { formatTime } from '../market/index.js'
import type { Compliance } from '../report/index.js'
import { grouped } from './text.js'

/** Consents and tokens that are listed; the rest is counted. */
const MOST = 20

export function complianceText({
  consents,
  refusals,
  limits,
  shares,
  entries,
  withoutConsent,
  crossed,
  reviews,
}: Compliance): string {
  const lines = [
    `Simulated: ${grouped(entries)} purchases, ${withoutConsent} without a consent, ${crossed} within five minutes after a sale of another user.`,
    `Consents (${consents.length}):`,
    ...listed(consents, ({ user, category, from, until, source }) => {
      return `${user} agrees to ${category}, from ${formatTime(from)} until ${until === null ? 'withdrawal' : formatTime(until)} (${source})`
    }),
    'Refusals:',
    ...refusals.map(({ reason, at, decisions }) => `  ${reason} (${at}): ${grouped(decisions)}`),
    'Limits used:',
    ...limits.map(({ limit, allowed, used, by }) => `  ${limit}: ${short(used)} of ${allowed}${by === null ? '' : `, by ${by}`}`),
    `Share of all users in a token (${shares.length}):`,
    ...listed(shares, ({ token, users, boughtSol, share }) => {
      return `${token}: ${users} users bought ${short(boughtSol)} SOL, at most ${short(100 * share)} % of an hour`
    }),
    `Reviews: ${reviews.length === 0 ? 'none' : reviews.map(({ status, reviews: n }) => `${n} ${status}`).join(', ')}`,
  ]
  return `${lines.join('\n')}\n`
}

function listed<T>(all: readonly T[], line: (of: T) => string): string[] {
  const more = all.length - MOST
  return [...all.slice(0, MOST).map(of => `  ${line(of)}`), ...(more > 0 ? [`  and ${grouped(more)} more`] : [])]
}

function short(x: number): string {
  return String(Number(x.toPrecision(4)))
}
