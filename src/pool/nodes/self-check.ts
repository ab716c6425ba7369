/** What this process can compute with, each shown by a small computation whose result is known, and timed. */

/** A check resolves where the framework computes what it should. */
export type FrameworkCheck = () => Promise<void>

/** Those that need no package. */
export const ownChecks: Readonly<Record<'js' | 'wasm', FrameworkCheck>> = { js: multiplies, wasm: sums }

export interface SelfCheck {
  /** Time of each framework that works, ms. */
  readonly checksMs: Readonly<Record<string, number>>
  /** Why the others do not, by name. */
  readonly failed: Readonly<Record<string, string>>
}

/** Runs the checks one after the other, so that none slows another. */
export async function selfCheck(checks: Readonly<Record<string, FrameworkCheck>>): Promise<SelfCheck> {
  const checksMs: Record<string, number> = {}
  const failed: Record<string, string> = {}
  for (const [name, check] of Object.entries(checks)) {
    const from = performance.now()
    try {
      await check()
      checksMs[name] = Math.round((performance.now() - from) * 1_000) / 1_000
    } catch (error) {
      failed[name] = error instanceof Error ? error.message : String(error)
    }
  }
  return { checksMs, failed }
}

/** The product of two matrices, 128 by 128, whose entries add up to a known number. */
async function multiplies(): Promise<void> {
  const n = 128
  const [a, b] = [new Float64Array(n * n), new Float64Array(n * n)]
  for (let i = 0; i < n * n; i++) {
    a[i] = i % 7
    b[i] = i % 5
  }
  let total = 0
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) total += (a[i * n + k] as number) * (b[k * n + j] as number)
  expectSame('js', total, expectedProduct(n))
}

/** The same sum by the columns of the one and the rows of the other. */
function expectedProduct(n: number): number {
  let total = 0
  for (let k = 0; k < n; k++) {
    let column = 0
    let row = 0
    for (let i = 0; i < n; i++) {
      column += (i * n + k) % 7
      row += (k * n + i) % 5
    }
    total += column * row
  }
  return total
}

/**
 * A module of WebAssembly that adds up 1 … n: `(func (export "sum") (param i64) (result i64) (local i64) (loop (local.set 1 (i64.add
 * (local.get 1) (local.get 0))) (br_if 0 (i64.ne (local.tee 0 (i64.sub (local.get 0) (i64.const 1))) (i64.const 0)))) (local.get 1))`
 */
const sumModule = Buffer.from('AGFzbQEAAAABBgFgAX4BfgMCAQAHBwEDc3VtAAAKHgEcAQF+A0AgASAAfCEBIABCAX0iAEIAUg0ACyABCw==', 'base64')

async function sums(): Promise<void> {
  const { instance } = await WebAssembly.instantiate(sumModule)
  const { sum } = instance.exports as { sum(n: bigint): bigint }
  expectSame('wasm', sum(1_000_000n), 500_000_500_000n)
}

function expectSame<T>(name: string, got: T, expected: T): void {
  if (got !== expected) throw new Error(`${name} computed ${got} in the place of ${expected}.`)
}
