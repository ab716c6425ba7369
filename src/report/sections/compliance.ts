/** Users: what they agreed to, what was refused, how far limits were used, and their share of tokens. */

import type { ReportData } from '../data.js'
import { counted, decimal, instant, percent } from '../format.js'
import { reportLimits } from '../limits.js'
import { type Section, table } from '../panels.js'

export function complianceSection({ compliance }: ReportData): Section[] {
  if (compliance === undefined) return []
  const { consents, refusals, limits, shares, entries, withoutConsent, crossed, reviews } = compliance
  const lead = `${counted(entries, 'purchase')}, simulated: ${withoutConsent} without a consent, ${crossed} within five minutes after a sale of another user. These are records and limits that can be checked; they are no legal opinion.`
  const show = (ms: number) => instant(new Date(ms).toISOString())
  const consentRows = consents.slice(0, reportLimits.consents).map(({ user, category, from, until, source }) => ({
    user,
    'agreed to': category,
    from: show(from),
    until: until === null ? 'withdrawal' : show(until),
    source,
  }))
  const shareRows = shares.slice(0, reportLimits.consents).map(({ token, users, boughtSol, share }) => ({
    token,
    users,
    'bought, SOL': decimal(boughtSol),
    'share of an hour': percent(share),
  }))
  const limitRows = limits.map(({ limit, allowed, used, by }) => ({
    limit,
    allowed,
    'used at most': decimal(used),
    by: by ?? 'nobody',
  }))
  return [
    {
      id: 'compliance',
      title: 'Consents and limits',
      lead,
      panels: [
        table('Consents', consentRows, { about: `Of ${consents.length}.`, empty: 'Nobody agreed to anything.' }),
        table(
          'Refusals',
          refusals.map(({ reason, at, decisions }) => ({ reason, by: at, decisions })),
          {
            about: 'Decisions that led to no order: by the graph, by their first reason, or by a rule of the gate.',
            empty: 'Nothing was refused.',
          },
        ),
        table('Limits used', limitRows, { about: 'The most that one user used of each limit.' }),
        table('Share of all users in a token', shareRows, {
          about: 'The most that they together bought within an hour, of all that was traded in it.',
          empty: 'Nobody bought anything.',
        }),
        table(
          'Reviews',
          reviews.map(({ status, reviews: n }) => ({ status, reviews: n })),
          { empty: 'Nothing waited for a reviewer.' },
        ),
      ],
    },
  ]
}
