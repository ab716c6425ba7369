/** Answers to the model's requests. The answer to a request of one tick is an input of a later one, journalled like any other. */

import type { Swarm } from '../../../agents/index.js'
import type { AnswerInput, RequestHandler, Simulation } from '../../../model/index.js'

/** A request is answered once, when its answer becomes an input, so a restart repeats no request. */
export class Answers {
  constructor(
    private readonly sim: Simulation<Swarm>,
    private readonly requestHandler: RequestHandler,
  ) {}

  get waiting(): boolean {
    return this.sim.requests.size > 0
  }

  take(now: number): AnswerInput[] {
    return this.sim.requests.waiting().map(({ id, kind, payload }) => ({
      kind: 'answer',
      request: id,
      value: this.requestHandler.answer(kind, payload, now),
    }))
  }

  /** Brings the request handler back to its state after a journalled tick: it answers again, and the answers are discarded. */
  replayTick(inputs: readonly { kind: string }[], now: number): void {
    const waiting = new Map(this.sim.requests.waiting().map(r => [r.id, r]))
    for (const input of inputs) {
      const request = input.kind === 'answer' ? waiting.get((input as AnswerInput).request) : undefined
      if (request !== undefined) this.requestHandler.answer(request.kind, request.payload, now)
    }
  }
}
