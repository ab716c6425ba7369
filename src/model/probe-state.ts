/** Finds early what a checkpoint could not hold: in the fields of the model and of some agents of each type, in events and requests. */

import { SaveableProbe } from '../core/index.js'
import { Agent, kernelFields } from './agent.js'
import type { Kernel } from './kernel.js'
import { modelBase } from './model.js'

const limits = {
  /** Agents looked at of each type. */
  agents: 6,
  /** Events and requests looked at, and the longest queue of events that is gone through for them. */
  waiting: 50,
  queue: 1_000,
} as const

/**
 * Throws `NotSaveable` with the path of a value that cannot be saved. It takes samples, other ones at other steps, so that the price does
 * not grow with the population; `save()` looks at everything.
 */
export function probeState(kernel: Kernel): void {
  const { model, population, queue, requests, clock } = kernel
  const isOutside = (object: object) => object instanceof Agent || object === model
  const probe = new SaveableProbe({ numberOf: object => (isOutside(object) ? 0 : undefined), find: () => model })
  probe.fields(model, fieldsBut(modelBase.written, model), 'model')
  for (const { set } of population.types.values()) {
    const { size } = set
    for (let i = 0; i < Math.min(size, limits.agents); i++) {
      const agent = set.at(placeOf(i, size, clock.steps))
      if (agent !== undefined) probe.fields(agent, fieldsBut(kernelFields, agent), agent.key)
    }
  }
  if (queue.size <= limits.queue)
    for (const { method, payload } of queue.waiting().slice(0, limits.waiting)) probe.value(payload, `event "${method}".payload`)
  if (requests.size > 0)
    for (const { kind, payload } of requests.waiting().slice(0, limits.waiting)) probe.value(payload, `request "${kind}".payload`)
}

function fieldsBut(except: ReadonlySet<string>, object: object): string[] {
  return Object.keys(object).filter(name => !except.has(name))
}

/** The first and the last agent, and others between that move on with the steps. */
function placeOf(i: number, size: number, step: number): number {
  if (i < 2 || size <= limits.agents) return i === 1 ? size - 1 : i === 0 ? 0 : i - 1
  return (step * 7 + Math.floor((i * size) / limits.agents)) % size
}
