/** What a report shows of memory: ideas with their nearest past trades, and the map of all trades. */

import { existsSync } from 'node:fs'
import type { Row } from '../../core/index.js'
import { type RunDirectory, tableExists } from '../../storage/index.js'
import {
  distanceByFeature,
  featureWeights,
  newFeatureMoments,
  observeFeatures,
  partsText,
  recollectionSentences,
} from '../../trading/index.js'
import type { MemoryData, NearTrade, RecalledIdea } from '../data.js'
import { Latest, tradeMap } from './map.js'
import { type KnownTrade, pastTradesOf } from './past-trades.js'
import { changedMost, type ToldIdea, tradesByIdea } from './recollections.js'

/** Undefined where the run kept no recollections. */
export async function readMemory(run: RunDirectory): Promise<MemoryData | undefined> {
  const recollections = run.file('recollections.parquet')
  if (!tableExists(recollections)) return undefined
  const changed = await changedMost(recollections, await tradesByIdea(run.file('trades.parquet')))
  const wanted = new Set(changed.flatMap(({ row, tradeId }) => [...nearestOf(row), ...(tradeId === null ? [] : [tradeId])]))
  const known = new Map<string, KnownTrade>()
  const latest = new Latest<KnownTrade>()
  const moments = newFeatureMoments()
  const ledger = run.file('trades.db')
  for (const trade of existsSync(ledger) ? pastTradesOf(ledger) : []) {
    observeFeatures(moments, trade.past.vector, trade.past.win)
    latest.add(trade)
    if (wanted.has(trade.tradeId)) known.set(trade.tradeId, trade)
  }
  const weights = featureWeights(moments)
  return { ideas: changed.map(each => recalledIdea(each, known, weights)), map: tradeMap(latest.list(), latest.total) }
}

function recalledIdea({ row, tradeId }: ToldIdea, known: ReadonlyMap<string, KnownTrade>, weights: Float64Array): RecalledIdea {
  const own = tradeId === null ? undefined : known.get(tradeId)
  const distances = String(row.distances ?? '').split(' ')
  return {
    idea: String(row.idea_id),
    time: Number(row.decided_at),
    factor: Number(row.factor),
    sentences: recollectionSentences(row),
    trade: own === undefined ? null : nearTrade(own),
    nearest: nearestOf(row).map((id, i) => {
      const near = known.get(id)
      if (near === undefined) return { id, distance: Number(distances[i]) }
      const parts = own === undefined ? undefined : distanceByFeature(weights, own.past.vector, near.past.vector)
      return { ...nearTrade(near), distance: Number(distances[i]), ...(parts !== undefined && { why: partsText(parts) }) }
    }),
  }
}

function nearTrade({ tradeId: id, pair, direction, pnlE6, entryNotionalE6 }: KnownTrade): NearTrade {
  return { id, pair, direction, pnlUsd: pnlE6 / 1e6, result: entryNotionalE6 > 0 ? pnlE6 / entryNotionalE6 : null }
}

function nearestOf({ nearest }: Row): string[] {
  return typeof nearest === 'string' && nearest !== '' ? nearest.split(' ') : []
}
