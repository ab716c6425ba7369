/** What a fetch asks of services that are not public: users, moods of headlines, and mentions. Each is a port; tests have stand-ins. */

import * as z from 'zod'
import { OperatorError, type TimeMs } from '../../core/index.js'
import { type Asking, clientOf } from './sources.js'

/** Users of a private service: `GET <url>/users/data/<id>`. Reads alone. */
export interface UserPort {
  /** What the service says of a user, as it came. */
  user(id: string, until?: AbortSignal): Promise<unknown>
}

/** How a headline sounds, −1 to 1. */
export interface ScorerPort {
  mood(headline: string, until?: AbortSignal): Promise<number>
}

/** How often a token was named in the last minute that is over. */
export interface SocialPort {
  mentions(mint: string, until?: AbortSignal): Promise<{ mentions: number; time: TimeMs } | null>
}

/** The users of a service; MYCELIA_USER_API_TOKEN is sent where it is set, and kept nowhere. */
export function userApi(url: string, asking: Asking): UserPort {
  const base = addressOf('userApi', url)
  const client = clientOf('userApi', 50, asking)
  const token = asking.env.MYCELIA_USER_API_TOKEN
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  return {
    user: (id, until) => client.get(`${base}/users/data/${encodeURIComponent(id)}`, { ...(until && { until }), headers }),
  }
}

const moodSchema = z.object({ choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1) })
const ask =
  'Say how good this headline is for the price of the token it is about: one number from -1 (very bad) to 1 (very good), and nothing else.'

/** DeepSeek as a scorer; DEEPSEEK_API_KEY is needed. A headline is text that is judged, never an instruction: only a number is taken of the answer. */
export function deepSeek(asking: Asking): ScorerPort {
  const key = asking.env.DEEPSEEK_API_KEY
  if (!key) throw new OperatorError({ what: 'DEEPSEEK_API_KEY', expected: 'a key of DeepSeek', got: 'none' })
  const base = addressOf('MYCELIA_DEEPSEEK_URL', asking.env.MYCELIA_DEEPSEEK_URL || 'https://api.deepseek.com')
  const client = clientOf('deepSeek', 500, asking)
  const holds = (body: unknown) => moodIn(body) !== null
  return {
    async mood(headline, until) {
      const messages = [
        { role: 'system', content: ask },
        { role: 'user', content: headline },
      ]
      const post = { model: 'deepseek-chat', temperature: 0, max_tokens: 8, messages }
      const headers = { authorization: `Bearer ${key}` }
      return moodIn(await client.get(`${base}/chat/completions`, { ...(until && { until }), headers, post, holds })) ?? 0
    },
  }
}

function moodIn(body: unknown): number | null {
  const content = moodSchema.safeParse(body).data?.choices[0]?.message.content.trim() ?? ''
  const mood = /^[+-]?(\d+(\.\d+)?|\.\d+)$/.test(content) ? Number(content) : Number.NaN
  return mood >= -1 && mood <= 1 ? mood : null
}

const mentionsSchema = z.object({ mentions: z.number().min(0).max(1e9), time: z.int().min(0) })

/** A service that counts mentions: `GET <url>/<mint>` gives `{"mentions": n, "time": ms}`. */
export function socialApi(url: string, asking: Asking): SocialPort {
  const base = addressOf('MYCELIA_SOCIAL_URL', url)
  const client = clientOf('social', 100, asking)
  const holds = (body: unknown) => mentionsSchema.safeParse(body).success
  return {
    mentions: async (mint, until) =>
      mentionsSchema.parse(await client.get(`${base}/${mint}`, { ...(until && { until }), holds })),
  }
}

function addressOf(what: string, url: string): string {
  if (URL.canParse(url) && /^https?:\/\//.test(url)) return url.replace(/\/+$/, '')
  throw new OperatorError({
    what: `\`${what}\``.replace(/`([A-Z_]+)`/, '$1'),
    expected: 'an address such as https://…',
    got: url,
  })
}
