/** The collector's paths: scans and signals of other places, one JSON object a request. What it says of each, its taker decides. */

import { type HttpAnswer, json, type PostRoute } from './http.js'
import { serverLimits } from './limits.js'

/** Why a post was not taken, and the status that says so; undefined: it was, and is an input of a later tick. */
export type Refused = { readonly status: 400 | 409 | 422 | 429; readonly reason: string; readonly says: string } | undefined

/** Takes what is posted. */
export interface PostTaker {
  scan(body: unknown): Refused
  signal(body: unknown): Refused
}

/** The paths that a collector takes posts at. */
export function collectorPosts(taker: PostTaker): Readonly<Record<string, PostRoute>> {
  return {
    '/api/v1/scans': post(body => taker.scan(body)),
    '/api/v1/signals': post(body => taker.signal(body)),
  }
}

function post(take: (body: unknown) => Refused): PostRoute {
  return { bodyBytes: serverLimits.postBytes, take: body => answerOf(take(body)) }
}

function answerOf(refused: Refused): HttpAnswer {
  if (refused === undefined) return json({ accepted: true }, 202)
  const { status, reason, says } = refused
  return json({ accepted: false, reason, error: says }, status)
}
