/** Answers to the model's requests. The answer to a request of one tick is an input of a later one, journalled like any other. */

import { isRecallRequest, type LiveModel, type RecallAnswer } from '../../../agents/index.js'
import type { AnswerInput, RequestHandler, Simulation } from '../../../model/index.js'
import { type Idea, nothingRecalled, type Recall, type Trade } from '../../../trading/index.js'
import { liveLimits } from '../limits.js'

/** A memory outside this process. */
export interface OutsideMemory {
  /** What it knows of trades like an idea, whenever that comes; it rejects where it cannot say. */
  similar(idea: Idea): Promise<Recall>
  /** Takes a finished trade, and keeps it until it is stored. */
  remember(trade: Trade): void
}

/** A request that the outside memory has. */
interface OpenRequest {
  readonly since: number
  /** Undefined until it comes. */
  answer?: RecallAnswer
  failed: boolean
}

/** A request is answered once, when its answer becomes an input, so a restart repeats none that was answered. */
export class Answers {
  /** Where set, it says what is like an idea. The memory in this process learns beside it, so that a replay needs no other. */
  outside: OutsideMemory | undefined
  /** Ideas that the outside memory knew nothing of in time. */
  unanswered = 0
  private readonly open = new Map<number, OpenRequest>()

  constructor(
    private readonly sim: Simulation<LiveModel>,
    private readonly requestHandler: RequestHandler,
  ) {}

  /** The answers there are; a request whose answer has not come yet waits for a later tick. */
  take(now: number): AnswerInput[] {
    const taken: AnswerInput[] = []
    for (const { id: request, kind, payload } of this.sim.requests.waiting()) {
      const value =
        this.outside !== undefined && isRecallRequest(kind)
          ? this.recalled(request, payload as Idea, now)
          : this.inProcess(kind, payload, now)
      if (value !== undefined) taken.push({ kind: 'answer', request, value })
    }
    return taken
  }

  /** Brings the request handler back to its state after a journalled tick: it answers again, and the answers are discarded. */
  replayTick(inputs: readonly { kind: string }[], now: number): void {
    const waiting = new Map(this.sim.requests.waiting().map(r => [r.id, r]))
    for (const input of inputs) {
      const request = input.kind === 'answer' ? waiting.get((input as AnswerInput).request) : undefined
      if (request !== undefined) this.requestHandler.answer(request.kind, request.payload, now)
    }
  }

  private inProcess(kind: string, payload: unknown, now: number): unknown {
    if (kind === 'remember') this.outside?.remember(payload as Trade)
    return this.requestHandler.answer(kind, payload, now)
  }

  /** Undefined: it may still come. An idea does not wait longer than `recallMs` for what memory says of it. */
  private recalled(request: number, idea: Idea, now: number): RecallAnswer | undefined {
    const sent = this.open.get(request) ?? this.send(request, idea, now)
    if (sent.answer === undefined && !sent.failed && now - sent.since < liveLimits.recallMs) return undefined
    this.open.delete(request)
    if (sent.answer === undefined) this.unanswered++
    return sent.answer ?? { id: idea.id, ...nothingRecalled }
  }

  private send(request: number, idea: Idea, since: number): OpenRequest {
    const sent: OpenRequest = { since, failed: false }
    this.open.set(request, sent)
    this.outside?.similar(idea).then(
      recall => {
        sent.answer = { id: idea.id, ...recall }
      },
      () => {
        sent.failed = true
      },
    )
    return sent
  }
}
