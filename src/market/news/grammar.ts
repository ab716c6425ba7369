/** How made stories are told: sentences of a seeded grammar. What a story is worth chooses among its words, and nothing else of it is told. */

import type { Rng } from '../../core/index.js'

const good = [
  '{asset} surges after {who} approves {what}',
  '{asset} rallies as {who} adds it to {what}',
  '{who} partners with {asset} developers on {what}',
  '{asset} upgrade completed smoothly, {what} cheers',
  'Strong inflows into {asset} funds, says {who}',
  '{asset} gains on adoption by {who}',
  '{who} wins licence for {asset} {what}',
] as const
const bad = [
  '{asset} plunges after hack of {what}',
  '{who} sues {asset} issuer over {what}',
  '{asset} slumps as {who} warns of fraud in {what}',
  'Exploit drains {asset} {what}, {who} says',
  '{asset} outage halts {what}',
  'Outflows from {asset} funds as {who} exits',
  '{who} bans {asset} from {what}',
] as const
const flat = [
  '{who} publishes report on {what}',
  'Podcast: the history of {what}',
  '{who} appoints new head of {what}',
  'Conference on {what} opens in Zug',
  'You will not believe what {who} said about {what}!!!',
  'This one secret about {what} shocks everyone',
] as const

const who = [
  'regulator',
  'large bank',
  'asset manager',
  'payment company',
  'exchange',
  'central bank',
  'retailer',
  'university',
] as const
const what = [
  'custody service',
  'settlement pilot',
  'lending pool',
  'bridge',
  'trading desk',
  'wallet',
  'index',
  'payments',
] as const
const openings = ['', 'Breaking: ', 'Update: ', 'Report: '] as const

/** What a report of a story says. `sign` 0: it says nothing of any asset. */
export function sentence(rng: Rng, asset: string, sign: -1 | 0 | 1): string {
  const templates: readonly string[] = sign === 1 ? good : sign === -1 ? bad : flat
  return pick(rng, templates).replace('{asset}', asset).replace('{who}', pick(rng, who)).replace('{what}', pick(rng, what))
}

/** Nearly the same words. */
export function retold(rng: Rng, text: string): string {
  return `${pick(rng, openings.slice(1))}${text}`
}

function pick<T>(rng: Rng, list: readonly T[]): T {
  return list[Math.floor(rng.float() * list.length)] as T
}
