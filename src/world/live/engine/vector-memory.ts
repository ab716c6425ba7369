/** The memory of a live run in a Chroma server: it answers what is like an idea, and takes every finished trade. */

import { OperatorError } from '../../../core/index.js'
import {
  chromaAnswers,
  chromaVectors,
  embedderNamed,
  MemoryWriter,
  type PastCase,
  liveScope as scope,
  TradeMemory,
} from '../../../memory/index.js'
import { finishedTradePages } from '../../../storage/index.js'
import { type Idea, moatOfPattern, type Recall, recallOf, type Trade } from '../../../trading/index.js'
import type { MemoryStatus } from '../operations/index.js'
import type { OutsideMemory } from './answers.js'

/** Which memory a live run has; `auto`: Chroma where one answers. */
export type MemoryChoice = 'auto' | 'embedded' | 'chroma'
export const memoryChoices: readonly MemoryChoice[] = ['auto', 'embedded', 'chroma']

export interface MemorySettings {
  readonly choice: MemoryChoice
  /** Where Chroma is, or would be. */
  readonly url: string
  /** What makes vectors of trades; default: their features. */
  readonly embedding?: string | undefined
}

export interface VectorMemoryOptions {
  readonly url: string
  /** Default: the features themselves. */
  readonly embedding?: string | undefined
  readonly run: string
  /** The run's ledger. */
  readonly ledger: string
}

export class VectorMemory implements OutsideMemory {
  private requests = 0

  private constructor(
    private readonly memory: TradeMemory,
    private readonly writer: MemoryWriter,
    private readonly options: VectorMemoryOptions,
  ) {}

  /** Begins at once to bring what the ledger has and the store lacks. */
  static async open(options: VectorMemoryOptions): Promise<VectorMemory> {
    const embedder = await embedderNamed(options.embedding)
    const store = await chromaVectors({ url: options.url, embedding: embedder })
    const memory = new TradeMemory({ embedder, store })
    const writer = new MemoryWriter({ memory, ledger: () => pagesOf(options) })
    return new VectorMemory(memory, writer, options)
  }

  async similar(idea: Idea): Promise<Recall> {
    this.requests++
    const { features, direction, prediction, moats, pattern, decidedAt: before } = idea
    const subject = { features, direction, prediction, crossMoatScore: moats.length }
    return recallOf(await this.memory.similar({ subject, market: scope, before, run: this.options.run }), moatOfPattern(pattern))
  }

  remember(trade: Trade): void {
    this.writer.add({ run: this.options.run, market: scope, trade })
  }

  status(): Omit<MemoryStatus, 'unanswered'> {
    const { trouble = null, ...counters } = this.writer.counters()
    return { ...counters, trouble, url: this.options.url, requests: this.requests }
  }

  /** Waits a moment for what still waits; what is then missing comes from the ledger when the run goes on. */
  async settle(): Promise<void> {
    await this.writer.settled(2_000)
  }

  close(): Promise<void> {
    return this.writer.close()
  }
}

/** The memory that the settings want; undefined: the one in this process alone. `why`: what speaks against another. `say` hears which it is. */
export async function openVectorMemory(
  { choice, url, embedding }: MemorySettings,
  options: Omit<VectorMemoryOptions, 'url' | 'embedding'> & { readonly why: string | undefined },
  say: (sentence: string) => void,
): Promise<VectorMemory | undefined> {
  if (choice === 'embedded') return undefined
  const answers = await chromaAnswers(url)
  if (choice === 'auto' && !answers) return undefined
  if (options.why !== undefined) return void say(`Ideas are compared with trades in this process alone: ${options.why}.`)
  try {
    const memory = await VectorMemory.open({ ...options, url, embedding })
    const away = answers ? '' : ', which does not answer yet: ideas go out without memory until it does'
    say(`Finished trades are remembered in Chroma at ${url}${away}.`)
    return memory
  } catch (error) {
    // Nobody asked for Chroma: a package that is absent must not end the run.
    if (choice !== 'auto' || !(error instanceof OperatorError)) throw error
    return void say(`Chroma answers at ${url} and is not used: ${error.message}`)
  }
}

function* pagesOf({ ledger, run }: VectorMemoryOptions): Generator<PastCase[]> {
  for (const page of finishedTradePages(ledger)) yield page.map(trade => ({ run, market: scope, trade }))
}
