/** The bounds of all modules, found by name: every exported object called `…Limits` is listed. */

/** The modules that load without their optional packages. */
const rooms = {
  scheduler: () => import('../scheduler/index.js'),
  bus: () => import('../bus/index.js'),
  model: () => import('../model/index.js'),
  market: () => import('../market/index.js'),
  exchange: () => import('../exchange/index.js'),
  trading: () => import('../trading/index.js'),
  discovery: () => import('../discovery/index.js'),
  agents: () => import('../agents/index.js'),
  space: () => import('../space/index.js'),
  feed: () => import('../feed/index.js'),
  transport: () => import('../transport/index.js'),
  storage: () => import('../storage/index.js'),
  memory: () => import('../memory/index.js'),
  report: () => import('../report/index.js'),
  world: () => import('../world/index.js'),
  pool: () => import('../pool/index.js'),
  ops: () => import('../ops/index.js'),
  experiment: () => import('../experiment/index.js'),
  view: () => import('../view/index.js'),
  server: () => import('../server/index.js'),
}

/** Room → `messagesPerTick` → 100,000. */
export async function allLimits(): Promise<Record<string, Record<string, number>>> {
  const found: Record<string, Record<string, number>> = {}
  for (const [room, load] of Object.entries(rooms)) {
    for (const [name, value] of Object.entries(await load())) {
      if (/limits$/i.test(name) && typeof value === 'object')
        found[room] = { ...found[room], ...(value as Record<string, number>) }
    }
  }
  return found
}
