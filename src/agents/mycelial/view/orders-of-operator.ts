/** What operators ordered, and what came of it. */

import { formatTime } from '../../../market/index.js'
import type { TablePanel } from '../../../model/index.js'
import type { Swarm } from '../swarm.js'

/** The cell `key` is no column: by it, whoever gave the order finds what came of it. */
export const operatorOrders: TablePanel<Swarm> = {
  kind: 'table',
  tab: 'Risk',
  about: 'Orders of operators, the newest first, and what came of each. One that was refused changed nothing.',
  columns: ['time', 'order', 'outcome', 'refused', 'reason'],
  empty: 'No operator has ordered anything.',
  look: ({ model }) =>
    (model.operator?.actions ?? []).toReversed().map(({ key, time, command, outcome, refused, reason, closing }) => ({
      cells: { key, time: formatTime(time), order: command, outcome, refused, reason },
      ...(closing.length > 0 && { detail: closing.map(closingText) }),
    })),
}

function closingText({ portfolio, pair, priceUsd, pnlUsd }: Closing): string {
  if (priceUsd === null || pnlUsd === null) return `${portfolio} ${pair}: it waits for its price.`
  return `${portfolio} ${pair}: left at ${priceUsd} USD, ${pnlUsd.toFixed(2)} USD gained.`
}

type Closing = NonNullable<Swarm['operator']>['actions'][number]['closing'][number]
