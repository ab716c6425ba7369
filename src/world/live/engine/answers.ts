/** Answers to the model's requests: what is asked in one tick is an input of a later one, journalled like any other. */

import type { Swarm } from '../../../agents/index.js'
import type { AnswerInput, RequestHandler, Simulation } from '../../../model/index.js'

/** Answers within the process. A request is answered once, when its answer becomes an input: so a restart asks nothing twice. */
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

  /** A restart brings the handler to where it was: what the journal says was answered is answered again, to nobody. */
  relive(inputs: readonly { kind: string }[], now: number): void {
    const asked = new Map(this.sim.requests.waiting().map(r => [r.id, r]))
    for (const input of inputs) {
      const request = input.kind === 'answer' ? asked.get((input as AnswerInput).request) : undefined
      if (request !== undefined) this.requestHandler.answer(request.kind, request.payload, now)
    }
  }
}
