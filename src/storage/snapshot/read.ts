/** Reads a snapshot from plain data: of this form or an older one; a newer one is refused by name. */

import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { canonicalJson, OperatorError, unknownName } from '../../core/index.js'
import { SNAPSHOT_VERSION, type Snapshot, snapshotSchema } from './schema.js'
import { refuseSecrets } from './secrets.js'

/** A snapshot that was read. */
export interface ReadSnapshot {
  readonly snapshot: Snapshot
  readonly digest: string
  /** The version it was written in, where it was an older major; null: this one. */
  readonly older: string | null
}

const MAJOR = Number(SNAPSHOT_VERSION.split('.')[0])

/** @throws OperatorError that names the first field that is wrong, or the version. `from`: where it came from, for the message. */
export function readSnapshot(given: unknown, from: string): ReadSnapshot {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrong(from, 'a snapshot as an object', typeof given)
  const { digest, ...body } = given as Record<string, unknown>
  const version = String(body.schema_version ?? '1.0')
  const major = Number(/^(\d{1,4})\.\d{1,4}$/.exec(version)?.[1] ?? Number.NaN)
  if (!(major >= 1)) throw wrong(`${from}, schema_version`, `a version such as ${SNAPSHOT_VERSION}`, version)
  if (major > MAJOR)
    throw new OperatorError({
      what: `${from}, schema_version`,
      expected: `${SNAPSHOT_VERSION} or older`,
      got: version,
      next: 'Use the release that wrote it. The file has not been changed.',
    })
  refuseSecrets(body, from)
  const whole = major < MAJOR ? withDefaults(body) : body
  const parsed = snapshotSchema.safeParse(whole)
  if (!parsed.success) throw problem(from, whole, parsed.error.issues)
  const snapshot = major < MAJOR ? { ...parsed.data, schema_version: SNAPSHOT_VERSION } : parsed.data
  if (version === SNAPSHOT_VERSION) refuseUnknown(body, from)
  const read = { snapshot, digest: digestOf(snapshot), older: major < MAJOR ? version : null }
  if (digest !== undefined) checkDigest(digest, read.older === null ? read.digest : digestOf(body), from)
  return read
}

/** Of a later minor the fields that are new are passed over; in this one there are no others. */
function refuseUnknown(body: Record<string, unknown>, from: string): void {
  const known = Object.keys(snapshotSchema.shape)
  for (const key of Object.keys(body)) if (!known.includes(key)) throw unknownName(`field of ${from}`, key, [...known, 'digest'])
}

function checkDigest(said: unknown, is: string, from: string): void {
  if (said === is) return
  throw new OperatorError({
    what: from,
    expected: `the content that ${String(said).slice(0, 16)}… was made of`,
    got: `content of ${is.slice(0, 16)}…`,
    next: 'It was changed after it was written. Export it again.',
  })
}

/** SHA-256 of the canonical JSON. */
export function digestOf(snapshot: object): string {
  return createHash('sha256').update(canonicalJson(snapshot)).digest('hex')
}

/** What the first form lacked: a profile with consents, when it was fetched, and what is optional of a token. Nobody consented there. */
function withDefaults(body: Record<string, unknown>): Record<string, unknown> {
  const generated = body.generated_at
  const profile = { style: 'scalper', base_size_lamports: '0', consents: [], ...asObject(body.profile) }
  const tokens = Array.isArray(body.marketData) ? body.marketData : []
  const ofToken = { fetched_at: generated, buyers: 0, flow: 0, volumes: [], closes: [], ...unknownOfToken }
  return {
    last_fetched_at: generated,
    source_agent: 'unknown',
    balances: [],
    portfolio: [],
    transactions: [],
    ...body,
    profile,
    marketData: tokens.map(token => ({ ...ofToken, ...asObject(token) })),
  }
}

const unknownOfToken = { creator_share: null, reputation: null, top_ten: null, curve: null, news: null }

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function problem(from: string, body: unknown, issues: readonly z.core.$ZodIssue[]): OperatorError {
  const [issue] = issues
  const path = issue?.path ?? []
  const got = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], body)
  return wrong([from, path.map(String).join('.')].filter(part => part !== '').join(', '), issue?.message ?? 'another value', got)
}

function wrong(what: string, expected: string, got: unknown): OperatorError {
  return new OperatorError({ what, expected, got: got === undefined ? 'nothing' : got })
}
