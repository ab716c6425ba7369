/** What the rows of a table come to, for the manifest: a hash over its columns, or a chain over its rows where the table asks for one. */

import type { Table } from '../core/index.js'
import { RowChain, type RowChainState } from './row-chain.js'
import { TableHash, type TableHashState } from './table-hash.js'

export type TableDigest = TableHash | RowChain
export type TableDigestState = TableHashState | RowChainState

export function newDigest(table: Table): TableDigest {
  const Digest = table.isChained ? RowChain : TableHash
  return new Digest(table.name, [...table.columns.keys()])
}

export function restoredDigest(name: string, state: TableDigestState): TableDigest {
  return 'marks' in state ? RowChain.restored(name, state) : TableHash.restored(name, state)
}
