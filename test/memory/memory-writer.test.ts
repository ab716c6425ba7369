import { afterEach, describe, expect, it } from 'vitest'
import {
  embeddedVectors,
  featureEmbedder,
  MemoryWriter,
  type PastCase,
  TradeMemory,
  vectorMemoryLimits,
} from '../../src/memory/index.js'
import { caseId } from '../../src/memory/past-case.js'
import { casesFrom } from './past-cases.js'

/** A memory that can be down, slow or emptied. */
class Faulty {
  readonly ids = new Set<string>()
  down = false
  slow: Promise<void> | undefined
  calls = 0
  looks = 0

  async remember(cases: readonly PastCase[]): Promise<void> {
    this.calls++
    await this.slow
    if (this.down) throw new Error('Chroma cannot be reached.')
    for (const each of cases) this.ids.add(caseId(each))
  }

  lookAgain(): void {
    this.looks++
  }
}

describe('the writer of memory', () => {
  const memory = () => new Faulty()
  let writer: MemoryWriter
  afterEach(() => writer.close())

  /** A writer whose ledger has what was added, in pages of 100. */
  function start(to: Pick<TradeMemory, 'remember' | 'lookAgain'>, ledger: PastCase[] = [], waiting?: number) {
    const pages = function* () {
      for (let from = 0; from < ledger.length; from += 100) yield ledger.slice(from, from + 100)
    }
    const bound = waiting === undefined ? {} : { waiting }
    writer = new MemoryWriter({ memory: to, ledger: pages, firstDelayMs: 5, longestDelayMs: 20, ...bound })
    return (cases: readonly PastCase[]) => {
      for (const each of cases) {
        ledger.push(each)
        writer.add(each)
      }
    }
  }

  it('stores what is added', async () => {
    const store = memory()
    const add = start(store)
    add(casesFrom(0, 30))
    expect(await writer.settled()).toBe(true)
    expect(store.ids.size).toBe(30)
    expect(writer.counters()).toMatchObject({ waiting: 0, failed: 0, dropped: 0, behind: false, trouble: undefined })
  })

  it('brings in at its start what the ledger has and the store lacks', async () => {
    const store = memory()
    start(store, casesFrom(0, 250))
    expect(writer.counters().behind).toBe(true)
    expect(await writer.settled()).toBe(true)
    expect(store.ids.size).toBe(250)
  })

  it('adds without waiting while the store is down, and stores all when it is back', async () => {
    const store = memory()
    store.down = true
    const add = start(store)
    add(casesFrom(0, 40))
    await expect.poll(() => writer.counters().failed).toBeGreaterThan(2)
    expect(writer.counters()).toMatchObject({ waiting: 40, behind: true, trouble: 'Chroma cannot be reached.' })
    store.down = false
    expect(await writer.settled()).toBe(true)
    expect(store.ids.size).toBe(40)
    expect(writer.counters()).toMatchObject({ waiting: 0, behind: false, trouble: undefined })
  })

  it('drops what has no room, counts it, and brings it in from the ledger', async () => {
    const store = memory()
    store.down = true
    const add = start(store, [], 10)
    add(casesFrom(0, 300))
    expect(writer.counters()).toMatchObject({ waiting: 10, dropped: 290, behind: true })
    store.down = false
    expect(await writer.settled()).toBe(true)
    expect(store.ids.size).toBe(300)
    expect(writer.counters()).toMatchObject({ waiting: 0, dropped: 290, behind: false })
  })

  it('has a slow store delay nobody', async () => {
    const store = memory()
    let answer: () => void = () => undefined
    store.slow = new Promise(resolve => {
      answer = resolve
    })
    const add = start(store)
    add(casesFrom(0, 5))
    await expect.poll(() => store.calls).toBe(1)
    add(casesFrom(5, 20))
    expect(await writer.settled(20)).toBe(false)
    expect(writer.counters()).toMatchObject({ stored: 0, waiting: 25 })
    answer()
    expect(await writer.settled()).toBe(true)
    expect(store.ids.size).toBe(25)
  })

  it('compares the ledger again after an outage, since the server that came back may be empty', async () => {
    const store = memory()
    const add = start(store)
    add(casesFrom(0, 30))
    await writer.settled()
    store.down = true
    add(casesFrom(30, 1))
    await expect.poll(() => writer.counters().failed).toBeGreaterThan(0)
    store.ids.clear()
    store.down = false
    expect(await writer.settled()).toBe(true)
    expect(store.ids.size).toBe(31)
    expect(store.looks).toBeGreaterThan(1)
  })

  it('counts what overflows during a catch-up as missing', async () => {
    const store = memory()
    const ledger = casesFrom(0, 200)
    let pages = 0
    const add = start(
      {
        lookAgain: () => undefined,
        remember: async cases => {
          // The first page is passed when these close.
          if (pages++ === 0) add(casesFrom(200, 30))
          await store.remember(cases)
        },
      },
      ledger,
      10,
    )
    expect(await writer.settled()).toBe(true)
    expect(writer.counters().dropped).toBeGreaterThan(0)
    expect(store.ids.size).toBe(230)
  })

  it('ends at once where the store is down', async () => {
    const store = memory()
    store.down = true
    const add = start(store)
    add(casesFrom(0, 3))
    await expect.poll(() => writer.counters().failed).toBeGreaterThan(0)
    await writer.close()
    expect(writer.counters().waiting).toBe(3)
    add(casesFrom(3, 1))
    expect(writer.counters().waiting).toBe(3)
  })

  it('has at most so many waiting as the room says', async () => {
    const store = memory()
    store.down = true
    const add = start(store)
    add(casesFrom(0, vectorMemoryLimits.waitingTrades + 5))
    expect(writer.counters()).toMatchObject({ waiting: vectorMemoryLimits.waitingTrades, dropped: 5 })
  })

  it('catches up a memory of trades that keeps fewer than the ledger has, and comes to an end', async () => {
    const embedder = featureEmbedder()
    const store = embeddedVectors(embedder.dimension)
    start(new TradeMemory({ embedder, store, keep: 50 }), casesFrom(0, 400))
    expect(await writer.settled()).toBe(true)
    expect(await store.count('agent_knowledge')).toBe(50)
    expect((await store.page('agent_knowledge', undefined, 0, 1))[0]?.metadata).toMatchObject({ closedAt: 350 })
  })
})
