/** The envelope around every message between processes. The reader trusts no byte of it. */

import { transportLimits as limits } from './limits.js'

export const envelopeVersion = 1

/** The topic processes talk about their messages on, and its channel; `linkChannel:NAME` reaches one process. */
export const linkChannel = 'mycelia-link'

export interface Envelope {
  readonly v: typeof envelopeVersion
  readonly topic: string
  /** The publisher's name. */
  readonly from: string
  /** The publisher's start. */
  readonly epoch: string
  /** 1, 2, 3 … per publisher, start and topic. */
  readonly seq: number
  /** Wall time of the publisher when the message was made, ms since 1970 UTC. */
  readonly t: number
  readonly data: unknown
}

/** Why a received text is not a message; each is a counter. */
export const rejectReasons = [
  /** Longer than `limits.messageLength`; not read. */
  'too-long',
  'not-json',
  /** JSON, but no object. */
  'not-an-object',
  /** Another version of the envelope, or none. */
  'version',
  /** A field missing, too many, of another type or out of range. */
  'shape',
  /** `__proto__`, `constructor` or `prototype` as a key. */
  'forbidden-key',
  /** A number that is not finite, as `1e999` is. */
  'not-finite',
  /** Nested deeper than `limits.depth`. */
  'too-deep',
  /** Not a topic listened to, or not on its own channel. */
  'topic',
  /** A malformed heartbeat, question or answer. */
  'link',
  /** More publishers than `limits.sources`. */
  'sources',
  /** The caller's own check of the data said no. */
  'payload',
  /** Not signed, where a key is set. */
  'unsigned',
  /** Signed with another key, or signed where no key is set here. */
  'signature',
  /** No process has claimed agents under that name and start. */
  'sender',
  /** It speaks for an agent of this process, or for one that its sender has not claimed. */
  'agent',
  /** Made later than now. */
  'time',
  /** A command without the operator's proof, an old one, or one on another topic. */
  'command',
  /** Its number is beyond what its publisher says there is. */
  'order',
  /** A control message that was here before. */
  'replay',
] as const
/** Why a received text is not a message. */
export type RejectReason = (typeof rejectReasons)[number]

/** A message on its way out; keeps its epoch and seq however often it is sent. The ledger's outbox rows have this shape. */
export interface Outgoing {
  readonly topic: string
  readonly epoch: string
  readonly seq: number
  readonly time: number
  /** The data as JSON. */
  readonly data: string
}

/** Characters that names and punctuation can add to a message's data, sent plainly or within an answer. */
export const envelopeOverhead = 8_000

export function encodeEnvelope(from: string, { topic, epoch, seq, time, data }: Outgoing): string {
  return `{"v":${envelopeVersion},"topic":${quoted(topic)},"from":${quoted(from)},"epoch":${quoted(epoch)},"seq":${seq},"t":${time},"data":${data}}`
}

/** The envelope in `text`, or the reason why the text is refused. Never throws; returns plain data with clean prototypes. */
export function parseEnvelope(text: string): Envelope | RejectReason {
  if (text.length > limits.messageLength) return 'too-long'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'not-json'
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not-an-object'
  return checkEnvelope(value as Record<keyof Envelope, unknown>)
}

function checkEnvelope(e: Record<keyof Envelope, unknown>): Envelope | RejectReason {
  if (e.v !== envelopeVersion) return 'version'
  if (!isName(e.topic) || !isName(e.from) || !isName(e.epoch)) return 'shape'
  if (!isWhole(e.seq, 1) || !isWhole(e.t, 0) || e.data === undefined) return 'shape'
  // An answer holds another message's data one level down: that level is free.
  return checkPlain(e.data, e.topic === linkChannel ? 0 : 1) ?? hasSevenKeys(e) ?? (e as unknown as Envelope)
}

/** With the seven known fields present, an eighth key is an unknown field. */
function hasSevenKeys(e: object): RejectReason | undefined {
  let keys = 0
  for (const _ in e) keys++
  if (keys === 7) return undefined
  return Object.keys(e).some(isForbidden) ? 'forbidden-key' : 'shape'
}

export function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= limits.nameLength
}

export function isWhole(value: unknown, least: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= least
}

/** Bounds the depth before anything else walks the data, so nothing later can overflow the stack. */
function checkPlain(value: unknown, depth: number): RejectReason | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'not-finite'
  if (typeof value !== 'object' || value === null) return undefined
  if (depth > limits.depth) return 'too-deep'
  return Array.isArray(value) ? checkList(value, depth) : checkObject(value as Record<string, unknown>, depth)
}

function checkList(list: readonly unknown[], depth: number): RejectReason | undefined {
  for (let i = 0; i < list.length; i++) {
    const reason = checkPlain(list[i], depth + 1)
    if (reason !== undefined) return reason
  }
  return undefined
}

function checkObject(object: Record<string, unknown>, depth: number): RejectReason | undefined {
  for (const key in object) {
    if (isForbidden(key)) return 'forbidden-key'
    const reason = checkPlain(object[key], depth + 1)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** JSON.parse makes these ordinary keys, but the first careless copy of the object would set its prototype. */
function isForbidden(key: string): boolean {
  return key === '__proto__' || key === 'constructor' || key === 'prototype'
}

/** Names repeat in every message; their JSON is made once. */
const quotes = new Map<string, string>()

function quoted(name: string): string {
  let text = quotes.get(name)
  if (text === undefined) {
    if (quotes.size >= limits.topics) quotes.clear()
    text = JSON.stringify(name)
    quotes.set(name, text)
  }
  return text
}
