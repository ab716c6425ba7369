/** Calls of methods that are not made at once: planned events, requests to the world and their answers. */

import { closest, type NotSaveable, OperatorError, refusePromise } from '../core/index.js'
import { type DueEvent, type EventQueue, lastRoundBy, repeatTime, Status, schedulerLimits } from '../scheduler/index.js'
import { Agent, removed } from './agent.js'
import { unsaveableIn } from './payload.js'
import type { Repetition } from './repetition.js'
import type { Requests } from './requests.js'

/** What planned calls need of the kernel. */
export interface PlanningHost {
  readonly clock: { readonly now: number }
  readonly queue: EventQueue
  readonly requests: Requests
  readonly bus: { drain(): void }
  readonly failures: { failed(error: unknown, agent: Agent | undefined): void }
  readonly model: object
  /** True while code only looks at the model. */
  readonly looking: boolean
  /** False where nothing outside the model could ever answer a request. */
  readonly isAnswered: boolean
  assertActing(what: string): void
}

export class Planning {
  constructor(private readonly host: PlanningHost) {}

  /** Plans a call so long from now. */
  after(target: object, delay: number, method: string, payload: unknown, priority: number): number {
    if (!(delay >= 0 && Number.isFinite(delay)))
      throw this.refused(
        `after() of ${eventOf(target, method)}`,
        'a finite delay ≥ 0',
        delay,
        'An event that is never to come need not be planned.',
      )
    return this.at(target, this.host.clock.now + delay, method, payload, priority)
  }

  at(target: object, time: number, method: string, payload: unknown, priority: number): number {
    this.checkPlan(target, time, method, payload, priority)
    return this.host.queue.plan({ time, priority, target, method, payload, every: 0 })
  }

  every(target: object, repetition: number | Repetition, method: string, payload: unknown, priority: number): number {
    const { every, start, round, ...last } = this.rounds(target, repetition, method)
    const time = repeatTime(start, every, round)
    this.checkPlan(target, time, method, payload, priority)
    return this.host.queue.plan({ time, priority, target, method, payload, every, start, round, ...last })
  }

  /** The rounds of a repetition: from one period after now, or from `start`, up to the last by `end` and `count`. */
  private rounds(target: object, repetition: number | Repetition, method: string) {
    const { period, start, end, count } = typeof repetition === 'object' ? repetition : { period: repetition }
    const name = `every() of ${eventOf(target, method)}`
    if (!(period > 0 && Number.isFinite(period)))
      throw this.refused(name, 'a finite period > 0', period, 'For one call use after(delay).')
    if (count !== undefined && !(Number.isInteger(count) && count >= 1))
      throw this.refused(`\`count\` of ${name}`, 'a whole number of calls ≥ 1', count, 'Leave it out to have no last call.')
    const from = start ?? this.host.clock.now
    const round = start === undefined ? 1 : 0
    const first = repeatTime(from, period, round)
    if (end !== undefined && !(end >= first))
      throw this.refused(
        `\`end\` of ${name}`,
        `a time from ${first} on, when it is called first`,
        end,
        'Leave it out to have no end.',
      )
    const byEnd = end === undefined ? Number.POSITIVE_INFINITY : lastRoundBy(end, from, period)
    const lastRound = Math.min(byEnd, count === undefined ? Number.POSITIVE_INFINITY : round + count - 1)
    return { every: period, start: from, round, ...(lastRound < Number.POSITIVE_INFINITY && { lastRound }) }
  }

  private checkPlan(target: object, time: number, method: string, payload: unknown, priority: number): void {
    if (this.host.looking) this.host.assertActing(`event "${method}"`)
    if (target instanceof Agent && !target.alive) throw removed(target, `event "${method}"`)
    if (!(time >= this.host.clock.now && Number.isFinite(time)))
      throw new OperatorError({
        what: eventOf(target, method),
        expected: `a finite time from ${this.host.clock.now} on`,
        got: time,
        next: 'at(time) is absolute; after(delay) counts from now.',
      })
    if (typeof priority !== 'number' || Number.isNaN(priority))
      throw new OperatorError({ what: `priority of ${eventOf(target, method)}`, expected: 'a number', got: priority })
    if (typeof (target as Record<string, unknown>)[method] !== 'function') throw noMethod(eventOf(target, method), target, method)
    const unsaveable = unsaveableIn(payload, this.host.model)
    if (unsaveable !== undefined) throw refusedPayload(eventOf(target, method), unsaveable)
  }

  private refused(what: string, expected: string, got: number, next: string): OperatorError {
    return new OperatorError({ what: `${what} at ${this.host.clock.now}`, expected, got, next })
  }

  cancel(handle: number): boolean {
    this.host.assertActing('cancel()')
    return this.host.queue.cancel(handle, isAwaited)
  }

  ask(target: Agent, kind: string, payload: unknown, method: string): number {
    if (this.host.looking) this.host.assertActing(`ask("${kind}")`)
    if (!target.alive) throw removed(target, `ask("${kind}")`)
    if (typeof (target as unknown as Record<string, unknown>)[method] !== 'function')
      throw noMethod(`ask("${kind}") of ${target.key}`, target, method)
    const unsaveable = unsaveableIn(payload, this.host.model)
    if (unsaveable !== undefined) throw refusedPayload(`ask("${kind}") of ${target.key}`, unsaveable)
    if (!this.host.isAnswered) throw unanswered(kind, target)
    return this.host.requests.add({ target, kind, payload, method, askedAt: this.host.clock.now })
  }

  /** Hands an answer to the agent that made the request. Ignores an unknown request and one already answered. */
  answer(id: number, value: unknown): void {
    const request = this.host.requests.take(id)
    if (request !== undefined) this.call(request.target, request.method, value)
  }

  /** Fires all events due at `time`, including those planned meanwhile. Events of removed agents are dropped. */
  fireDue(time: number): void {
    const { queue } = this.host
    let fired = 0
    for (let event = queue.popDue(time); event !== undefined; event = queue.popDue(time)) {
      if (event.every > 0 && event.target instanceof Agent && event.target.idle) queue.cancel(event.sequence)
      else this.call(event.target, event.method, event.payload)
      if (++fired > schedulerLimits.eventsPerTick) throw endless(event)
    }
  }

  /** Calls a method by name on an agent or the model, and drains. */
  private call(target: object, method: string, payload: unknown): void {
    if (target instanceof Agent && target.idle) return
    try {
      const returned = (target as Record<string, (payload: unknown) => unknown>)[method]?.(payload)
      if (typeof returned === 'object') refusePromise(returned, `${method}() of ${describe(target)}`)
    } catch (error) {
      this.host.failures.failed(error, target instanceof Agent ? target : undefined)
    }
    this.host.bus.drain()
  }
}

function eventOf(target: object, method: string): string {
  return `event "${method}" of ${describe(target)}`
}

function endless(event: DueEvent): OperatorError {
  return new OperatorError({
    what: `events of one instant (the last was "${event.method}" at ${event.time})`,
    expected: `at most ${schedulerLimits.eventsPerTick}`,
    next: 'An event that plans itself again with no delay never ends.',
  })
}

function refusedPayload(what: string, { path, got }: NotSaveable): OperatorError {
  return new OperatorError({
    what: `${what}: ${path} is ${got}`,
    expected: 'plain data, typed arrays, Map, Set or agents',
    next: 'It is saved with the run until it is delivered: name a method instead of a function, and give data.',
  })
}

function noMethod(what: string, target: object, got: unknown): OperatorError {
  const own = methodsOf(target)
  const near = typeof got === 'string' ? closest(got, own) : undefined
  const next = near === undefined ? `Its methods: ${own.join(', ') || 'none'}.` : `Did you mean "${near}"?`
  const method = typeof got === 'function' ? `the function ${got.name || '(anonymous)'}` : (got ?? String(got))
  return new OperatorError({ what, expected: 'the name of a method', got: method, next })
}

/** The names of the methods of a class, those that Agent and Model have for overriding among them only where it does so. */
function methodsOf(target: object): string[] {
  const names: string[] = []
  for (let at: object = Object.getPrototypeOf(target) as object; isOfUser(at); at = Object.getPrototypeOf(at) as object)
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (typeof value === 'function' && name !== 'constructor') names.push(name)
  return names
}

/** Not the base class itself, Agent or Model, whose prototype is the last but one. */
function isOfUser(prototype: object): boolean {
  const next = Object.getPrototypeOf(prototype) as object | null
  return next !== null && Object.getPrototypeOf(next) !== null
}

function unanswered(kind: string, target: Agent): OperatorError {
  return new OperatorError({
    what: `ask("${kind}") of ${target.key}`,
    expected: 'something that answers, and this simulation has neither a request handler nor a source',
    next: 'Override requestHandler() of the model, or give simulate() a `requestHandler`: { answer, save, restore }.',
  })
}

/** False for the events of an agent that was removed or is quarantined: they never fire, and no checkpoint keeps them. */
export function isAwaited(target: object): boolean {
  return !(target instanceof Agent) || !target.idle || target._status === Status.unspawned
}

/** An agent or the model, as messages call it. */
export function describe(target: object): string {
  return target instanceof Agent ? target.key : 'the model'
}
