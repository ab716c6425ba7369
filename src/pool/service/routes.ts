/** The paths of a compute pool. */

import { type HttpAnswer, type HttpContext, type HttpRoute, json, type PostRoute } from '../../server/index.js'
import { poolLimits } from '../limits.js'
import { poolMetrics } from './pool-metrics.js'
import type { PoolService } from './pool-service.js'
import { PoolRefusal } from './refusal.js'

/** What is read. */
export function poolRoutes(service: PoolService): Readonly<Record<string, HttpRoute>> {
  return {
    '/health': () => json({ status: 'ok' }),
    '/status': get(() => service.status()),
    '/nodes': get(query => ({ nodes: service.nodes(query) })),
    '/nodes/*': get((_, { name }) => service.node(name)),
    '/tasks': get(query => service.tasks(query)),
    '/results/*': async (query, context) =>
      answerOf(async () => {
        const result = await service.result(context.name, Object.fromEntries(query), context)
        return json(result, 'result' in result ? 200 : 202)
      }),
    '/metrics': () => ({ type: 'text/plain; version=0.0.4; charset=utf-8', body: poolMetrics(service) }),
  }
}

/** What is sent. */
export function poolPosts(service: PoolService): Readonly<Record<string, PostRoute>> {
  return {
    '/register': post(body => service.register(body)),
    '/heartbeat': post(body => service.heartbeat(body)),
    '/dispatch': post(body => service.dispatch(body)),
    '/claim': post(async (body, context) => ({ task: await service.claim(body, context) })),
    '/results/*': post((body, { name }) => service.finish(name, body)),
  }
}

function get(read: (query: Record<string, string>, context: HttpContext) => unknown): HttpRoute {
  return (query, context) => answerOf(async () => json(read(Object.fromEntries(query), context)))
}

function post(take: (body: unknown, context: HttpContext) => Promise<unknown>): PostRoute {
  return { bodyBytes: poolLimits.requestBytes, take: (body, context) => answerOf(async () => json(await take(body, context))) }
}

async function answerOf(act: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof PoolRefusal) return json({ error: error.message }, error.status)
    if (error instanceof RangeError) return json({ error: 'The body is nested too deeply.' }, 400)
    throw error
  }
}
